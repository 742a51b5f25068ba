using System.Text;

namespace Settlement.Policy;

/// <summary>A file of a pack.</summary>
internal sealed record PackFile(string Name, byte[] Content);

/// <summary>
/// All files of a pack in one array of bytes. Canonical: files sorted by name, line ends as LF, no byte order mark; the pack's hash is
/// taken over it, so that the same pack has the same key on every machine.
/// </summary>
internal static class PackArchive
{
    private static ReadOnlySpan<byte> Magic => "SPK1"u8;

    public static byte[] Write(string name, IEnumerable<PackFile> files)
    {
        var writer = new ByteWriter(4096);
        writer.Raw(Magic);
        writer.Text(name);
        var sorted = files.OrderBy(f => f.Name, StringComparer.Ordinal).ToArray();
        writer.Unsigned((ulong)sorted.Length);
        foreach (var file in sorted)
        {
            writer.Text(file.Name);
            writer.Bytes(Canonical(file.Content));
        }

        return writer.ToArray();
    }

    public static (string Name, IReadOnlyList<PackFile> Files) Read(ReadOnlySpan<byte> archive)
    {
        var reader = new ByteReader(archive, "pack archive");
        if (!reader.Raw(Magic.Length).SequenceEqual(Magic))
            throw new InvalidDataException("pack archive: the first bytes are not those of an archive");

        var name = reader.Text();
        var count = reader.Count();
        var files = new List<PackFile>(count);
        for (var i = 0; i < count; i++)
            files.Add(new PackFile(reader.Text(), reader.Bytes()));

        reader.End();
        return (name, files);
    }

    private static byte[] Canonical(byte[] content)
    {
        var text = Encoding.UTF8.GetString(content).TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text);
    }
}
