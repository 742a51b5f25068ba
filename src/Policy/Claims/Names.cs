using System.Collections.Frozen;
using System.Reflection;
using System.Text;

namespace Settlement.Policy;

/// <summary>Text of an enumeration value where the rule of <see cref="Names"/> does not give it.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class NameAttribute(string text) : Attribute
{
    /// <summary>The text used in packs, cases and interfaces.</summary>
    public string Text { get; } = text;
}

/// <summary>
/// The one place that maps C# enumeration names to the UPPER_SNAKE text of packs, cases and interfaces, both ways:
/// <c>SpecialLevel3</c> is <c>SPECIAL_LEVEL_3</c>, <c>Q1</c> stays <c>Q1</c>.
/// </summary>
public static class Names
{
    /// <summary>Text of a value; a value outside the enumeration gives its number.</summary>
    public static string Text<T>(this T value)
        where T : struct, Enum
        => Table<T>.Texts.TryGetValue(value, out var text) ? text : value.ToString();

    /// <summary>Value of a text, or false when the text is not one of the enumeration.</summary>
    public static bool TryParse<T>(string? text, out T value)
        where T : struct, Enum
    {
        value = default;
        return text is not null && Table<T>.Values.TryGetValue(text, out value);
    }

    /// <summary>All texts of an enumeration, in order of declaration.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum
        => Table<T>.Ordered;

    private static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && (char.IsUpper(name[i]) || (char.IsDigit(name[i]) && !char.IsDigit(name[i - 1])));
            var insideAcronym = startsWord && i > 0 && char.IsDigit(name[i - 1]) && char.IsUpper(name[i]) && i + 1 == name.Length;
            if (startsWord && !insideAcronym)
                text.Append('_');

            text.Append(char.ToUpperInvariant(name[i]));
        }

        return text.ToString();
    }

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly string[] Ordered;
        public static readonly FrozenDictionary<T, string> Texts;
        public static readonly FrozenDictionary<string, T> Values;

        static Table()
        {
            var pairs = typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(f => (Text: f.GetCustomAttribute<NameAttribute>()?.Text ?? Snake(f.Name), Value: (T)f.GetValue(null)!))
                .ToArray();
            Ordered = [.. pairs.Select(p => p.Text)];
            Texts = pairs.ToFrozenDictionary(p => p.Value, p => p.Text);
            Values = pairs.ToFrozenDictionary(p => p.Text, p => p.Value, StringComparer.Ordinal);
        }
    }
}
