using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Settlement.Policy.Tests;

/// <summary>Checks JSON against a schema, as far as the schema of packs goes; a keyword it does not know is an error.</summary>
internal sealed class JsonSchema(JsonObject root)
{
    /// <summary>What is wrong, each as <c>path: reason</c>.</summary>
    public List<string> Check(JsonNode? value)
    {
        var errors = new List<string>();
        Check(value, root, "", errors);
        return errors;
    }

    private bool Accepts(JsonNode? value, JsonObject schema)
    {
        var errors = new List<string>();
        Check(value, schema, "", errors);
        return errors.Count == 0;
    }

    private void Check(JsonNode? value, JsonObject schema, string path, List<string> errors)
    {
        foreach (var (keyword, rule) in schema)
        {
            var fits = keyword switch
            {
                "$schema" or "title" or "definitions" => true,
                "$ref" => Follow(value, (string)rule!, path, errors),
                "type" => rule is JsonArray types ? types.Any(t => IsOf(value, (string)t!)) : IsOf(value, (string)rule!),
                "const" => JsonNode.DeepEquals(value, rule),
                "enum" => rule!.AsArray().Any(r => JsonNode.DeepEquals(value, r)),
                "pattern" => value is JsonValue text && text.TryGetValue(out string? s) && Regex.IsMatch(s, (string)rule!),
                "minLength" => value is not JsonValue text || !text.TryGetValue(out string? s) || s.Length >= (int)rule!,
                "minimum" => value is JsonValue n && n.TryGetValue(out decimal d) && d >= (decimal)(int)rule!,
                "maximum" => value is JsonValue n && n.TryGetValue(out decimal d) && d <= (decimal)(int)rule!,
                "exclusiveMinimum" => value is JsonValue n && n.TryGetValue(out decimal d) && d > (decimal)(int)rule!,
                "minItems" => value is JsonArray list && list.Count >= (int)rule!,
                "uniqueItems" => value is JsonArray list && list.Select(i => i?.ToJsonString()).Distinct().Count() == list.Count,
                "items" => Items(value, rule!.AsObject(), path, errors),
                "minProperties" => value is JsonObject o && o.Count >= (int)rule!,
                "required" => value is JsonObject o && rule!.AsArray().All(r => o.ContainsKey((string)r!)),
                "properties" or "patternProperties" => true,
                "additionalProperties" => Properties(value, schema, path, errors),
                "anyOf" => rule!.AsArray().Any(r => Accepts(value, r!.AsObject())),
                "oneOf" => rule!.AsArray().Count(r => Accepts(value, r!.AsObject())) == 1,
                _ => throw new NotSupportedException($"schema keyword {keyword}"),
            };
            if (!fits)
                errors.Add($"{path}: {keyword} {(rule is JsonArray { Count: > 4 } ? "" : rule?.ToJsonString())}");
        }
    }

    private bool Follow(JsonNode? value, string reference, string path, List<string> errors)
    {
        Check(value, root["definitions"]![reference["#/definitions/".Length..]]!.AsObject(), path, errors);
        return true;
    }

    private bool Items(JsonNode? value, JsonObject schema, string path, List<string> errors)
    {
        foreach (var (item, at) in (value as JsonArray ?? []).Select((item, at) => (item, at)))
            Check(item, schema, $"{path}[{at}]", errors);

        return true;
    }

    private bool Properties(JsonNode? value, JsonObject schema, string path, List<string> errors)
    {
        foreach (var (name, item) in value as JsonObject ?? [])
        {
            var known = schema["properties"]?[name]
                ?? (schema["patternProperties"] as JsonObject)?.FirstOrDefault(p => Regex.IsMatch(name, p.Key)).Value
                ?? schema["additionalProperties"] as JsonObject;
            if (known is null)
                errors.Add($"{path}.{name}: not a known name");
            else
                Check(item, known.AsObject(), $"{path}.{name}", errors);
        }

        return true;
    }

    private static bool IsOf(JsonNode? value, string type) => (type, value) switch
    {
        ("object", JsonObject) or ("array", JsonArray) => true,
        ("string", JsonValue v) => v.TryGetValue<string>(out _),
        ("number", JsonValue v) => v.TryGetValue<decimal>(out _),
        ("integer", JsonValue v) => v.TryGetValue<decimal>(out var d) && d == decimal.Truncate(d),
        _ => false,
    };
}
