namespace Settlement.Cli.Exporting;

/// <summary>What stands in one column of one row: a text, a number, or nothing.</summary>
/// <param name="Text">The text; null where there is none.</param>
/// <param name="Number">The number, of money in fen; null where there is none.</param>
/// <param name="IsForeign">Whether the text came from outside, so that a spreadsheet must not run it as a formula.</param>
internal readonly record struct Cell(string? Text, long? Number, bool IsForeign)
{
    /// <summary>A text of ours; an empty one is nothing.</summary>
    public static Cell Of(string text) => new(text.Length == 0 ? null : text, null, IsForeign: false);

    /// <summary>A text that came from outside; an empty one is nothing.</summary>
    public static Cell Foreign(string text) => Of(text) with { IsForeign = true };

    /// <summary>A number.</summary>
    public static Cell Of(long? number) => new(null, number, IsForeign: false);

    /// <summary>Bytes as lower-case hexadecimal digits.</summary>
    public static Cell Of(ReadOnlySpan<byte> bytes) => Of(Convert.ToHexStringLower(bytes));
}

/// <summary>A column of an export.</summary>
/// <param name="Name">Its name, in both formats.</param>
/// <param name="Get">What stands in it.</param>
/// <typeparam name="TRow">The row.</typeparam>
internal sealed record Column<TRow>(string Name, Func<TRow, Cell> Get)
{
    /// <summary>Whether it is an amount that the manifest sums up.</summary>
    public bool IsSummed { get; init; }

    /// <summary>Whether it may name the person, or lead to the person's papers: left empty when persons are not shown.</summary>
    public bool IsPersonal { get; init; }
}
