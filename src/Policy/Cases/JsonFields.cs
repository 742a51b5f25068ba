using System.Globalization;
using System.Text.Json;

namespace Settlement.Policy.Cases;

/// <summary>A case file that cannot be read; the message names case and field.</summary>
public sealed class CaseFormatException(string message) : Exception(message);

/// <summary>
/// A JSON object being read: each field is taken by name and type; what nobody took is an error, so that no field of a case is silently
/// ignored.
/// </summary>
internal sealed class JsonFields
{
    private readonly JsonElement element;
    private readonly string where;
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    public JsonFields(JsonElement element, string where)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new CaseFormatException($"{where}: must be an object");

        this.element = element;
        this.where = where;
    }

    public JsonElement? Take(string name)
    {
        taken.Add(name);
        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public JsonElement Need(string name) => Take(name) ?? throw Bad($"missing '{name}'");

    public string Text(string name) => OptionalText(name) ?? throw Bad($"missing '{name}'");

    public string? OptionalText(string name)
        => Take(name) is not { } value ? null : value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw Bad($"'{name}' must be text");

    public long Number(string name) => OptionalNumber(name) ?? throw Bad($"missing '{name}'");

    public long? OptionalNumber(string name)
        => Take(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw Bad($"'{name}' must be a whole number");

    public bool Flag(string name) =>
        Take(name) is { } value
            && (value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Bad($"'{name}' must be true or false"));

    public DateOnly Date(string name) => OptionalDate(name) ?? throw Bad($"missing '{name}'");

    public DateOnly? OptionalDate(string name)
    {
        if (OptionalText(name) is not { } text)
            return null;

        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw Bad($"'{name}' is no date: {text}");
    }

    public T Member<T>(string name)
        where T : struct, Enum
        => OptionalMember<T>(name) ?? throw Bad($"missing '{name}'");

    public T? OptionalMember<T>(string name)
        where T : struct, Enum
    {
        if (OptionalText(name) is not { } text)
            return null;

        return Names.TryParse<T>(text, out var value) ? value : throw Bad($"'{name}' is unknown: {text}");
    }

    public IEnumerable<JsonElement> List(string name)
        => Take(name) is not { } value ? [] : value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : throw Bad($"'{name}' must be a list");

    public IEnumerable<JsonFields> Objects(string name)
    {
        var at = 0;
        foreach (var item in List(name))
            yield return new JsonFields(item, $"{where}.{name}[{at++}]");
    }

    public JsonFields Object(string name) => new(Need(name), $"{where}.{name}");

    public JsonFields? OptionalObject(string name) => Take(name) is { } value ? new JsonFields(value, $"{where}.{name}") : null;

    public IEnumerable<(string Name, JsonFields Value)> Members()
    {
        foreach (var property in element.EnumerateObject())
        {
            taken.Add(property.Name);
            yield return (property.Name, new JsonFields(property.Value, $"{where}.{property.Name}"));
        }
    }

    /// <summary>Fails on fields nobody took.</summary>
    public void Finish()
    {
        foreach (var property in element.EnumerateObject())
            if (!taken.Contains(property.Name))
                throw Bad($"unknown field '{property.Name}'");
    }

    public CaseFormatException Bad(string reason) => new($"{where}: {reason}");
}
