using System.Buffers.Text;

namespace Settlement.Bench.Payloads;

/// <summary>Looks into encoded answers just as far as a load must.</summary>
internal static class SettleAnswer
{
    private const byte FirstField = (1 << 3) | 2;
    private const byte SecondField = (2 << 3) | 2;

    /// <summary>Whether a <c>SettleResponse</c> holds a result and nothing else, that is, no <c>already_settled</c>.</summary>
    public static bool IsFresh(ReadOnlySpan<byte> answer) =>
        answer.Length > 1 && answer[0] == FirstField && Skip(answer[1..], out ReadOnlySpan<byte> result) is { IsEmpty: true }
            && !result.IsEmpty;

    /// <summary>The number of the request that a <c>SettleManyResponse</c> answers, and whether it says settled.</summary>
    public static bool IsSettled(ReadOnlySpan<byte> answer, out long number)
    {
        number = -1;
        if (answer.IsEmpty || answer[0] != FirstField) return false;
        ReadOnlySpan<byte> rest = Skip(answer[1..], out ReadOnlySpan<byte> requestId);
        if (requestId.Length < 3 || !Utf8Parser.TryParse(requestId[2..], out number, out _)) return false;
        if (rest.IsEmpty || rest[0] != SecondField) return false;
        return Skip(rest[1..], out ReadOnlySpan<byte> settled).IsEmpty && IsFresh(settled);
    }

    /// <summary>Takes a length-delimited value off the input; gives what is behind it.</summary>
    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> value)
    {
        int length = 0;
        int used = 0;
        for (int shift = 0; used < input.Length && shift < 28; shift += 7)
        {
            byte part = input[used++];
            length |= (part & 0x7F) << shift;
            if (part < 0x80) break;
        }

        length = Math.Min(length, input.Length - used);
        value = input.Slice(used, length);
        return input[(used + length)..];
    }
}
