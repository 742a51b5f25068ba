using Google.Protobuf;

namespace Settlement.Cli.Client;

/// <summary>Requests read from a file in protobuf JSON.</summary>
internal static class InputFile
{
    /// <summary>Reads a whole file; <c>-</c> is the standard input.</summary>
    /// <exception cref="CliException">The file cannot be read.</exception>
    public static string ReadText(string file, CliHost host)
    {
        if (file == "-") return host.In.ReadToEnd();
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{file}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads a message.</summary>
    /// <exception cref="CliException">The text is no such message; names the file and the reason.</exception>
    public static T Parse<T>(string text, string file)
        where T : IMessage, new()
    {
        try
        {
            return JsonParser.Default.Parse<T>(text);
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidJsonException or InvalidOperationException)
        {
            throw new CliException(ExitCode.Usage, $"{file}: not a {new T().Descriptor.FullName} in protobuf JSON: {error.Message}", error);
        }
    }
}
