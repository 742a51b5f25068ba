using System.Runtime.CompilerServices;

namespace Settlement.House.Tests;

/// <summary>The checkout these tests were built from.</summary>
internal static class House
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>All source files below a folder of the house, without what builds leave behind.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj" or "node_modules"));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>A path as messages name it.</summary>
    public static string Name(string file) => Path.GetRelativePath(Root, file);

    private static string Here([CallerFilePath] string path = "") => path;
}
