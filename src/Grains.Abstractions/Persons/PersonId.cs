namespace Settlement.Persons;

/// <summary>The number a person is insured under (<c>psn_no</c>, or the 18-character citizen identity number).</summary>
public static class PersonId
{
    /// <summary>Longest person id, in characters (<c>psn_no</c> is C30).</summary>
    public const int MaxLength = 30;

    private const int CitizenIdLength = 18;

    // GB 11643-1999: the weights of the first seventeen digits, and the check character for each remainder modulo 11.
    private static ReadOnlySpan<byte> Weights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    private static ReadOnlySpan<byte> CheckCharacters => "10X98765432"u8;

    /// <summary>Why a text is not a person id, or null when it is one.</summary>
    public static string? Fault(ReadOnlySpan<char> person)
    {
        if (person.IsEmpty) return "is missing";
        if (person.Length > MaxLength) return $"is longer than {MaxLength} characters";
        foreach (char c in person)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-' && c != '_') return "holds a character other than letters, digits, '-' and '_'";
        }

        if (person.Length == CitizenIdLength && person[^1] == 'x' && !person[..^1].ContainsAnyExceptInRange('0', '9'))
            return "is a citizen identity number whose check character must be a capital X: one person must not have two ids";
        return LooksLikeCitizenId(person) && !IsCitizenId(person)
            ? "has 18 characters like a citizen identity number, but its birth date or check digit (GB 11643-1999) is wrong"
            : null;
    }

    /// <summary>The birth date inside a citizen identity number, or null when the id is not one.</summary>
    public static DateOnly? BirthDate(ReadOnlySpan<char> person) =>
        LooksLikeCitizenId(person) && DateOnly.TryParseExact(person.Slice(6, 8), "yyyyMMdd", out DateOnly date) ? date : null;

    /// <summary>The id as it may appear in a log: the last two characters, no more.</summary>
    public static string Mask(string? person) =>
        string.IsNullOrEmpty(person) ? "-" : person.Length <= 4 ? "****" : string.Concat("****", person.AsSpan(person.Length - 2));

    /// <summary>The id as people may see it on a screen or a slip: the last four of a long id, less of a short one.</summary>
    public static string Shown(string person)
    {
        int shown = person.Length switch { > 11 => 4, > 5 => 2, _ => 0 };
        return new string('*', person.Length - shown) + person[^shown..];
    }

    private static bool LooksLikeCitizenId(ReadOnlySpan<char> person) =>
        person.Length == CitizenIdLength && !person[..^1].ContainsAnyExceptInRange('0', '9')
            && (char.IsAsciiDigit(person[^1]) || person[^1] == 'X');

    private static bool IsCitizenId(ReadOnlySpan<char> person)
    {
        if (BirthDate(person) is null) return false;
        int sum = 0;
        for (int i = 0; i < Weights.Length; i++) sum += (person[i] - '0') * Weights[i];
        return person[^1] == CheckCharacters[sum % 11];
    }
}
