namespace Settlement.Ledger;

/// <summary>How a person id may appear in a log or an error: the last two characters, no more.</summary>
internal static class PersonMask
{
    private const int Shown = 2;

    public static string Of(string personId) =>
        personId.Length <= 2 * Shown ? new string('*', personId.Length) : string.Concat("****", personId.AsSpan(personId.Length - Shown));
}
