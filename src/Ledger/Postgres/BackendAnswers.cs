using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// Answers of PostgreSQL in its protocol 3.0, read one Sync at a time. Of what comes before the server is ready again only an error counts:
/// rows, completions and notices tell nothing that is asked here.
/// </summary>
internal sealed class BackendAnswers(Stream stream)
{
    private const int HeaderLength = 1 + sizeof(int);

    private byte[] input = new byte[16 << 10];
    private int start;
    private int end;

    /// <summary>True when all that came was taken in.</summary>
    public bool IsEmpty => start == end;

    /// <summary>Reads until the server is ready again. Gives the first error on the way, null when there was none.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    public async Task<PostgresException?> ReadAsync(CancellationToken cancellation)
    {
        PostgresException? error = null;
        while (true)
        {
            while (TryTake(out char kind, out ReadOnlyMemory<byte> content))
            {
                if (kind == 'E') error ??= ErrorOf(content.Span);
                else if (kind == 'Z') return error;
            }

            MakeRoom();
            int count = await stream.ReadAsync(input.AsMemory(end), cancellation).ConfigureAwait(false);
            if (count == 0)
                throw new IOException($"The server ended the connection{(error is null ? "" : $": {error.MessageText}")}.", error);
            end += count;
        }
    }

    private bool TryTake(out char kind, out ReadOnlyMemory<byte> content)
    {
        (kind, content) = (default, default);
        if (end - start < HeaderLength) return false;
        int length = 1 + BinaryPrimitives.ReadInt32BigEndian(input.AsSpan(start + 1));
        if (end - start < length) return false;
        kind = (char)input[start];
        content = input.AsMemory(start + HeaderLength, length - HeaderLength);
        start += length;
        return true;
    }

    /// <summary>Fields of an error, each a letter and a text.</summary>
    private static PostgresException ErrorOf(ReadOnlySpan<byte> fields)
    {
        Dictionary<char, string> found = [];
        while (fields.Length > 1)
        {
            int end = fields.IndexOf((byte)0);
            found[(char)fields[0]] = Encoding.UTF8.GetString(fields[1..end]);
            fields = fields[(end + 1)..];
        }

        return new PostgresException(
            Field('M') ?? "", Field('S') ?? "", Field('V') ?? "", Field('C') ?? "",
            detail: Field('D'), where: Field('W'), tableName: Field('t'), columnName: Field('c'), constraintName: Field('n'));

        string? Field(char name) => found.GetValueOrDefault(name);
    }

    private void MakeRoom()
    {
        input.AsSpan(start, end - start).CopyTo(input);
        (start, end) = (0, end - start);
        if (end == input.Length) Array.Resize(ref input, 2 * input.Length);
    }
}
