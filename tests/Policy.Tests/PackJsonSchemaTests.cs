using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Settlement.Policy.Tests;

/// <summary>The JSON schema that editors check packs by.</summary>
public class PackJsonSchemaTests
{
    private static readonly JsonSchema Schema = new(JsonNode.Parse(PackJsonSchema.Text())!.AsObject());

    /// <summary>Set to 1 to write the schema file anew after a parameter was added; the test then passes with the new file.</summary>
    private const string WriteVariable = "SETTLEMENT_WRITE_SCHEMA";

    [Fact]
    public void The_file_beside_the_packs_is_the_schema_of_this_build()
    {
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            File.WriteAllText(Path.Combine(Repository.Root, "policies", "pack.schema.json"), PackJsonSchema.Text());

        Assert.Equal(PackJsonSchema.Text(), File.ReadAllText(Path.Combine(Repository.Root, "policies", "pack.schema.json")));
    }

    public static TheoryData<string> Files() =>
        [.. Repository.Catalogue.Packs.SelectMany(p => Directory.GetFiles(Path.Combine(Repository.Policies, p.Name), "*.yaml"))
            .Concat(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "city", "anshi"), "*.yaml"))
            .Select(f => Path.GetRelativePath(AppContext.BaseDirectory, f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_of_every_pack_fits(string file)
        => Assert.Equal("", string.Join('\n', Schema.Check(Json(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file))))));

    [Theory]
    [InlineData("{ from: 2025-01-01, value: 101 }", "percent")]
    [InlineData("{ from: 2025-01-01, value: -1 }", "percent")]
    [InlineData("{ from: 2025, value: 50 }", "percent")]
    [InlineData("{ value: 50 }", "percent")]
    [InlineData("{ from: 2025-01-01, value: 50 }", "yuan")]
    [InlineData("{ from: 2025-01-01, value: 50, unpublished: true }", "percent")]
    [InlineData("{ from: 2025-01-01 }", "percent")]
    [InlineData("{ from: 2025-01-01, value: { LEVEL_9: 50 } }", "percent")]
    [InlineData("{ from: 2025-01-01, value: { LEVEL_3: { NOBODY: 50 } } }", "percent")]
    [InlineData("{ from: 2025-01-01, value: 50, remark: x }", "percent")]
    public void What_is_wrong_is_marked(string value, string unit)
    {
        var file = $"scheme: RESIDENT\nparameters:\n  inpatient.ratio: {{ zh: a, en: b, unit: {unit}, values: [{value}] }}";

        Assert.NotEmpty(Schema.Check(Json(file)));
        Assert.Empty(
            Schema.Check(
            Json("scheme: RESIDENT\nparameters:\n  inpatient.ratio: { zh: a, en: b, unit: percent, values: [{ from: 2025-01-01, value: { \"LEVEL_3, PRIMARY\": { ADULT: 50 } } }] }")));
    }

    private static JsonNode? Json(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return Json(yaml.Documents[0].RootNode);
    }

    /// <summary>YAML 1.2 as editors read it: plain numbers and true are no text.</summary>
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Json(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" } => true,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } value }
            when decimal.TryParse(value, NumberStyles.AllowDecimalPoint
            | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        YamlScalarNode scalar => scalar.Value,
        _ => throw new NotSupportedException($"{node.NodeType}"),
    };
}
