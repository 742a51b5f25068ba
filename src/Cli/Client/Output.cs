using Google.Protobuf;

namespace Settlement.Cli.Client;

/// <summary>Messages as JSON on the screen.</summary>
internal static class Output
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithIndentation());

    /// <summary>Writes a message as indented protobuf JSON.</summary>
    public static void WriteJson(TextWriter output, IMessage message) => output.WriteLine(Formatter.Format(message));
}
