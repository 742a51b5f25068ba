using System.Collections.Frozen;

namespace Settlement.Terms;

/// <summary>A word of the field in both languages.</summary>
/// <param name="Zh">Chinese, as hospital slips print it.</param>
/// <param name="En">English.</param>
public readonly record struct Term(string Zh, string En)
{
    /// <summary>The word in a language.</summary>
    /// <param name="language"><c>en</c>; anything else is Chinese.</param>
    public string In(string language) => language == "en" ? En : Zh;
}

/// <summary>The words for the values of one kind.</summary>
public sealed class TermTable<T>(IReadOnlyDictionary<T, Term> terms)
    where T : notnull
{
    private readonly FrozenDictionary<T, Term> terms = terms.ToFrozenDictionary();

    /// <summary>Every value that has a word, in no order.</summary>
    public IEnumerable<T> Keys => terms.Keys;

    /// <summary>The word of a value; one without a word stands as it is.</summary>
    public string Of(T value, string language) => terms.TryGetValue(value, out Term term) ? term.In(language) : $"{value}";

    /// <summary>Whether the value has a word.</summary>
    public bool Has(T value) => terms.ContainsKey(value);

    /// <summary>All words in one language.</summary>
    public IReadOnlyDictionary<T, string> In(string language) => terms.ToDictionary(pair => pair.Key, pair => pair.Value.In(language));
}
