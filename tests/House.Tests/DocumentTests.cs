using System.Reflection;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Settlement.Cli.Exporting;
using Settlement.Contract;
using Settlement.Policy;
using Settlement.Refusals;

namespace Settlement.House.Tests;

/// <summary>Documents keep step with the code.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_refusal_code_has_a_line_in_the_docs()
    {
        string docs = House.Read("docs/refusals.md");
        IEnumerable<string> codes = typeof(RefusalCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Concat(Names.All<RefusalCode>());
        Assert.Empty(codes.Where(code => !docs.Contains($"`{code}`")));
    }

    [Fact]
    public void Every_column_of_an_export_has_a_line_in_the_docs()
    {
        string docs = House.Read("docs/data.md");
        IEnumerable<(string Name, bool IsPersonal)> columns = LedgerColumns.Of(ShownPersons.Plain)
            .Select(column => (column.Name, column.IsPersonal))
            .Concat(StatementColumns.Of(ShownPersons.Plain).Select(column => (column.Name, column.IsPersonal)));
        Assert.Empty(columns.Where(column => !docs.Contains(column.IsPersonal ? $"`{column.Name}` *p*" : $"`{column.Name}`")));
    }

    [Fact]
    public void Every_link_of_the_docs_leads_somewhere()
    {
        List<string> broken = [];
        foreach (string file in House.Files("docs", "*.md").Append(Path.Combine(House.Root, "README.md"))
            .Append(Path.Combine(House.Root, "README.zh-CN.md")))
        {
            foreach (Match link in Link().Matches(File.ReadAllText(file)))
            {
                string target = link.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.StartsWith("http", StringComparison.Ordinal)) continue;
                string path = Path.Combine(Path.GetDirectoryName(file)!, target);
                if (!File.Exists(path) && !Directory.Exists(path)) broken.Add($"{House.Name(file)}: {target}");
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_test_class_the_docs_name_exists()
    {
        HashSet<string> classes = [.. House.Files("tests", "*.cs").SelectMany(file => TestClass().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)];
        IEnumerable<string> named = House.Files("docs", "*.md").SelectMany(file => NamedTest().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value);
        Assert.Empty(named.Distinct().Where(name => !classes.Contains(name)));
    }

    [Fact]
    public void The_readme_is_kept_in_step_in_both_languages() =>
        Assert.Equal(Headings("README.md"), Headings("README.zh-CN.md"));

    /// <summary>
    /// A field number once given is never given another meaning: numbers have no gaps that a removed field would leave unreserved.
    /// </summary>
    [Fact]
    public void Field_numbers_of_the_contract_are_contiguous_or_reserved()
    {
        FileDescriptor[] files =
            [ClaimReflection.Descriptor, ResultReflection.Descriptor, SettlementReflection.Descriptor, EnrolmentReflection.Descriptor,
                AgencyReflection.Descriptor, PoliciesReflection.Descriptor, ReconciliationReflection.Descriptor,
                    FacilityReflection.Descriptor,
                FacilitiesReflection.Descriptor, FeedReflection.Descriptor, CatalogueReflection.Descriptor];
        List<string> gaps = [];
        foreach (MessageDescriptor message in files.SelectMany(file => file.MessageTypes))
        {
            HashSet<int> used = [.. message.Fields.InDeclarationOrder().Select(field => field.FieldNumber)];
            foreach (DescriptorProto.Types.ReservedRange range in message.ToProto().ReservedRange)
                used.UnionWith(Enumerable.Range(range.Start, range.End - range.Start));
            if (used.Count > 0 && used.Max() != used.Count) gaps.Add(message.FullName);
        }

        Assert.Empty(gaps);
    }

    private static int Headings(string file) => File.ReadLines(Path.Combine(House.Root, file)).Count(line => line.StartsWith('#'));

    [GeneratedRegex(@"class (\w+Tests)\b")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
