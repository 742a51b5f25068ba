using System.Runtime.CompilerServices;

namespace Settlement.Cli.Tests.Support;

/// <summary>Texts kept as files. <c>UPDATE_GOLDEN=1</c> writes them anew, to be read before they are committed.</summary>
internal static class Golden
{
    /// <summary>Compares a text with the file of that name.</summary>
    public static void Equal(string name, string actual, [CallerFilePath] string source = "")
    {
        string file = Path.Combine(Path.GetDirectoryName(source)!, "golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(file, actual);
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
