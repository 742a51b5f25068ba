namespace Settlement.Gateway.Reads;

/// <summary>Where it is written down who read whose data, section <c>Gateway:Reads</c>.</summary>
public sealed class ReadTrailOptions
{
    /// <summary>Folder of the files; empty: <c>reads</c> beside the key file.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Size at which a file is closed and the next begun, in bytes. A new day begins a new file too.</summary>
    public long MaxFileBytes { get; set; } = 64 << 20;

    /// <summary>Most reads waiting to be written; beyond it reads are refused as busy.</summary>
    public int QueueCapacity { get; set; } = 8192;

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it and its value.</exception>
    internal void Validate()
    {
        if (MaxFileBytes < 4096)
            throw new InvalidOperationException($"Gateway:Reads:MaxFileBytes is {MaxFileBytes}: it must be at least 4096.");
        if (QueueCapacity is < 1 or > 1_000_000)
            throw new InvalidOperationException($"Gateway:Reads:QueueCapacity is {QueueCapacity}: it must be between 1 and 1000000.");
    }
}
