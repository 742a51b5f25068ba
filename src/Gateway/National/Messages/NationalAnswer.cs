using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Settlement.Gateway.National.Messages;

/// <summary>What a transaction answers: the output node, and a warning where there is one.</summary>
/// <param name="WriteOutput">Writes the properties of <c>output</c>.</param>
/// <param name="Warning">警告信息; empty for none.</param>
internal sealed record TransactionAnswer(Action<Utf8JsonWriter> WriteOutput, string Warning = "")
{
    /// <summary>An answer without output.</summary>
    public static TransactionAnswer Empty { get; } = new(static _ => { });

    /// <summary>A file that is the whole answer; null for an answer in an envelope.</summary>
    public ReadOnlyMemory<byte>? File { get; init; }
}

/// <summary>The envelope of an answer.</summary>
internal sealed class NationalAnswer(TimeProvider time)
{
    private const string MomentFormat = "yyyyMMddHHmmssfff";
    private static readonly TimeSpan China = TimeSpan.FromHours(8);
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The moment at which a message came, for <c>refmsg_time</c>.</summary>
    public DateTimeOffset Now() => time.GetUtcNow();

    /// <summary>infcode 0.</summary>
    public ReadOnlyMemory<byte> Done(string messageId, DateTimeOffset received, TransactionAnswer answer) =>
        Write(0, messageId, received, "", answer.Warning, answer.WriteOutput);

    /// <summary>infcode -1: nothing was written.</summary>
    public ReadOnlyMemory<byte> Refused(string messageId, DateTimeOffset received, string error) =>
        Write(-1, messageId, received, error, "", static _ => { });

    /// <summary>No infcode: neither done nor refused is known.</summary>
    public ReadOnlyMemory<byte> Unknown(string messageId, DateTimeOffset received, string error) =>
        Write(null, messageId, received, error, "", static _ => { });

    private ReadOnlyMemory<byte> Write(
        int? code, string messageId, DateTimeOffset received, string error, string warning, Action<Utf8JsonWriter> writeOutput)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartObject();
            if (code is { } known) json.WriteNumber("infcode", known);
            json.WriteString("inf_refmsgid", messageId);
            json.WriteString("refmsg_time", Moment(received));
            json.WriteString("respond_time", Moment(Now()));
            json.WriteString("err_msg", error);
            json.WriteString("warn_msg", warning);
            json.WriteString("cainfo", "");
            json.WriteString("signtype", "");
            json.WriteStartObject("output");
            writeOutput(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static string Moment(DateTimeOffset moment) => moment.ToOffset(China).ToString(MomentFormat, CultureInfo.InvariantCulture);
}

/// <summary>How amounts stand in an answer.</summary>
internal static class NationalJson
{
    /// <summary>An amount as number with two decimals.</summary>
    public static void WriteFen(this Utf8JsonWriter json, string name, long fen)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(Yuan.Text(fen));
    }

    /// <summary>A ratio as number with four decimals.</summary>
    public static void WriteRatio(this Utf8JsonWriter json, string name, int basisPoints)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"{basisPoints / 10_000}.{basisPoints % 10_000:0000}"));
    }
}
