using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>
/// What refusals expected, said in both languages: a phrase is found by its English, in which <c>*</c> stands for a value.
/// </summary>
internal sealed class Expectations(IEnumerable<(string Zh, string En)> phrases)
{
    // A phrase without values, or with more words around them, is the better match.
    private readonly ImmutableArray<(string Zh, string En)> phrases =
        [.. phrases.OrderBy(p => p.En.Contains('*', StringComparison.Ordinal)).ThenByDescending(p => p.En.Length)];

    /// <summary>The expectation in a language; a value without words is the same in both.</summary>
    public string In(string expected, Language language)
    {
        if (language == Language.En)
            return expected;

        foreach (var (zh, en) in phrases)
            if (ValuesOf(expected, en.Split('*')) is { } values)
                return Put(zh.Split('*'), values);

        return expected;
    }

    /// <summary>The values that stand between the words, or null when the words are others.</summary>
    private static List<string>? ValuesOf(string text, string[] words)
    {
        if (words.Length == 1)
            return text == words[0] ? [] : null;

        if (!text.StartsWith(words[0], StringComparison.Ordinal))
            return null;

        var (values, at) = (new List<string>(), words[0].Length);
        foreach (var word in words.Skip(1))
        {
            var end = word.Length == 0 ? text.Length : text.IndexOf(word, at, StringComparison.Ordinal);
            if (end < 0)
                return null;

            values.Add(text[at..end]);
            at = end + word.Length;
        }

        return at == text.Length ? values : null;
    }

    private static string Put(string[] words, List<string> values) =>
        string.Concat(words.Select((word, i) => i < values.Count ? word + values[i] : word));
}
