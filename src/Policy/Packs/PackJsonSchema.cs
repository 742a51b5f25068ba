using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Settlement.Policy;

/// <summary>
/// JSON schema (draft 7) of the YAML files of a pack, for editors: names, units, members and bounds as <see cref="ParameterSchema"/> has
/// them. The copy beside the packs is <c>policies/pack.schema.json</c>; a test holds it to this text and every pack to the schema.
/// </summary>
public static class PackJsonSchema
{
    private const string DatePattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as text, ending in a line feed.</summary>
    public static string Text()
    {
        var definitions = new JsonObject
        {
            ["text"] = new JsonObject { ["type"] = new JsonArray("string", "number"), ["minLength"] = 1 },
            ["date"] = new JsonObject { ["type"] = "string", ["pattern"] = DatePattern },
            ["citation"] = Closed(("document", Ref("text"), true), ("section", Ref("text"), true)),
            ["band"] = Closed(("above", Number(0), true), ("upTo", Number(0), false), ("percent", Number(0, 100), true)),
        };
        foreach (var form in ParameterSchema.All.DistinctBy(FormOf).OrderBy(FormOf, StringComparer.Ordinal))
            definitions[FormOf(form)] = OfForm(form);

        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "A file of a policy pack: pack.yaml, counters.yaml, or parameters of one or more schemes",
            ["oneOf"] = new JsonArray(Header(), Counters(), Parameters()),
            ["definitions"] = definitions,
        }.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>What parameters of one kind and table share, by a name: <c>Money by level by insured</c>.</summary>
    private static string FormOf(ParameterInfo info)
        => string.Join(" by ", info.Dimensions.Select(d => d.Name)
            .Prepend(info.Enum is null ? info.Kind.Text() : $"{info.Kind.Text()} of {info.Enum.Name}")).Replace(' ', '-');

    private static JsonObject Header() => Closed(
        ("zh", Ref("text"), true),
        ("en", Ref("text"), true),
        ("version", Ref("text"), true),
        ("region", new JsonObject { ["type"] = "integer", ["minimum"] = 100_000, ["maximum"] = 999_999 }, true),
        ("inForceFrom", Ref("date"), true),
        ("reviewedUntil", Ref("date"), true),
        ("documents", new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = Closed(
                ("number", Ref("text"), true),
                ("zh", Ref("text"), true),
                ("en", Ref("text"), true),
                ("status", Enum(Names.All<DocumentStatus>()), true),
                ("from", Ref("date"), false),
                ("to", Ref("date"), false)),
        }, true));

    private static JsonObject Counters() =>
        Closed(("counters", Closed([.. System.Enum.GetValues<CounterId>().Where(c => c != CounterId.None).Select(Counter)]), true));

    private static (string Name, JsonNode Schema, bool Required) Counter(CounterId id) => (
        CounterNames.NameOf(id),
        Closed(
            ("code", new JsonObject { ["const"] = (int)id }, true),
            ("period", new JsonObject { ["const"] = CounterNames.PeriodOf(id).Text() }, true),
            ("zh", Ref("text"), true),
            ("en", Ref("text"), true)),
        false);

    private static JsonObject Parameters() => Closed(
        ("scheme", new JsonObject { ["type"] = "string", ["pattern"] = ListOf(Names.All<Scheme>()) }, true),
        ("parameters",
            Closed([.. ParameterSchema.All.OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => (p.Name, (JsonNode)Ref(FormOf(p)), false))]), true));

    private static JsonObject OfForm(ParameterInfo info)
    {
        var entry = Closed(
            ("from", Ref("date"), true),
            ("to", Ref("date"), false),
            ("citation", Ref("citation"), false),
            ("note", Ref("text"), false),
            ("reviewedUntil", Ref("date"), false),
            ("unpublished", new JsonObject { ["const"] = true }, false),
            ("value", Value(info, 0), false));
        entry["oneOf"] = new JsonArray(Requires("value"), Requires("unpublished"));
        return Closed(
            ("zh", Ref("text"), true),
            ("en", Ref("text"), true),
            ("unit", new JsonObject { ["const"] = info.Unit }, true),
            ("citation", Ref("citation"), false),
            ("reviewedUntil", Ref("date"), false),
            ("values", new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = entry }, true));
    }

    /// <summary>A value, or a table of values by the members of the next dimension, alone or several with commas between.</summary>
    private static JsonObject Value(ParameterInfo info, int depth)
    {
        if (depth == info.Dimensions.Length)
            return Leaf(info);

        var table = new JsonObject
        {
            ["type"] = "object",
            ["minProperties"] = 1,
            ["patternProperties"] = new JsonObject { [ListOf(info.Dimensions[depth].Members)] = Value(info, depth + 1) },
            ["additionalProperties"] = false,
        };
        return new JsonObject { ["anyOf"] = new JsonArray(Leaf(info), table) };
    }

    private static JsonObject Leaf(ParameterInfo info) => info.Kind switch
    {
        ValueKind.Money => new JsonObject { ["anyOf"] = new JsonArray(Number(0), new JsonObject { ["const"] = "none" }) },
        ValueKind.Percent or ValueKind.Points => Number(0, 100),
        ValueKind.Times => new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0, ["maximum"] = 100 },
        ValueKind.Years or ValueKind.WorkingDays => new JsonObject
        {
            ["type"] = "integer",
            ["minimum"] = 0,
            ["maximum"] = Limits.MostDaysOrYears,
        },
        ValueKind.Months or ValueKind.Count => new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
        ValueKind.MonthDay => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{2}-[0-9]{2}$" },
        ValueKind.Date => Ref("date"),
        ValueKind.Flag => Enum(["yes", "no"]),
        ValueKind.Choice => Enum(info.MemberNames()),
        ValueKind.Codes => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 } },
        ValueKind.Bands =>
            new JsonObject { ["anyOf"] = new JsonArray(
                Number(0, 100), new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Ref("band") }) },
        _ => new JsonObject { ["type"] = "array", ["uniqueItems"] = true, ["items"] = Enum(info.ListMembers()) },
    };

    private static JsonObject Closed(params (string Name, JsonNode Schema, bool Required)[] properties) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray([.. properties.Where(p => p.Required).Select(p => JsonValue.Create(p.Name))]),
        ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Name, p.Schema))),
        ["additionalProperties"] = false,
    };

    private static JsonObject Requires(string name) => new() { ["required"] = new JsonArray(name) };

    private static JsonObject Ref(string name) => new() { ["$ref"] = $"#/definitions/{name}" };

    private static JsonObject Enum(IEnumerable<string> members) => new()
    {
        ["enum"] = new JsonArray([.. members.Select(m => JsonValue.Create(m))]),
    };

    private static JsonObject Number(int minimum, int? maximum = null)
    {
        var number = new JsonObject { ["type"] = "number", ["minimum"] = minimum };
        if (maximum is { } most)
            number["maximum"] = most;

        return number;
    }

    private static string ListOf(IEnumerable<string> members)
    {
        var one = $"({string.Join('|', members)})";
        return $"^{one}(, *{one})*$";
    }
}
