using Google.Protobuf.Reflection;
using Settlement.Cli.Docs;
using Settlement.Contract;

namespace Settlement.House.Tests;

/// <summary>
/// The reference that is built from the contract's comments is whole: it knows every call and field, and has a comment for each.
/// </summary>
public sealed class ContractDocsTests
{
    private static readonly ContractDocs Docs = ContractDocs.OfThisProgram();

    private static IEnumerable<FileDescriptor> Descriptors => typeof(SettleRequest).Assembly.GetTypes()
        .Where(type => type.Namespace == "Settlement.Contract" && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
        .Select(type => (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!);

    [Fact]
    public void Every_file_of_the_contract_is_read() => Assert.Equal(
        House.Files("proto", "*.proto").Select(Path.GetFileName).Order(), Docs.Files.Select(file => file.File).Order());

    [Fact]
    public void What_is_read_is_what_is_compiled()
    {
        IEnumerable<string> compiled = Descriptors.SelectMany(
            file => file.Services.SelectMany(service => service.Methods.Select(method => $"{service.Name}.{method.Name}"))
            .Concat(AllMessages(file.MessageTypes)
                .SelectMany(message => message.Fields.InDeclarationOrder()
                .Select(field => $"{NameOf(message)}.{field.Name} = {field.FieldNumber}"))));
        IEnumerable<string> read = Docs.Files.SelectMany(file => file.Types).Where(type => type.Kind != "enum")
            .SelectMany(
                type => type.Members.Select(member => member.Number == 0
                ? $"{type.Name}.{member.Name}"
                : $"{type.Name}.{member.Name} = {member.Number}"));
        Assert.Equal(compiled.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_call_and_field_has_a_comment() => Assert.Empty(
        from type in Docs.Files.SelectMany(file => file.Types)
        where type.Kind != "enum"
        from member in type.Members
        where (type.Kind == "service" ? member.Comment : Docs.CommentOf(member)).Length == 0
        select $"{type.Name}.{member.Name}");

    [Fact]
    public void Every_national_name_that_a_comment_begins_with_has_its_term() =>
        Assert.Empty(FieldTable.HeadNames(Docs).Distinct().Where(name => !NationalTerms.All.ContainsKey(name)));

    [Fact]
    public void Every_field_that_the_adapter_reads_or_writes_has_its_term()
    {
        string adapter = string.Concat(House.Files("src/Gateway/National", "*.cs").Select(File.ReadAllText));
        IEnumerable<string> named = System.Text.RegularExpressions.Regex.Matches(adapter, "\"([a-z]+(?:_[a-z0-9]+)+)\"")
            .Select(match => match.Groups[1].Value);
        HashSet<string> ours = [.. Docs.Files.SelectMany(file => file.Types).SelectMany(type => type.Members)
            .Select(member => member.Name)];
        Assert.Empty(named.Distinct().Where(name => !NationalTerms.All.ContainsKey(name) && !ours.Contains(name)));
    }

    [Theory]
    [InlineData("msgid", "SettleRequest.request_id")]
    [InlineData("mdtrt_id", "SettleRequest.visit_id")]
    [InlineData("hifp_pay", "SettlementResult.pooled")]
    [InlineData("insuplc_admdvs", "Claim.region")]
    public void The_field_table_joins_both_names(string national, string ours) => Assert.Contains(ours, FieldTable.Ours(Docs)[national]);

    private static IEnumerable<MessageDescriptor> AllMessages(IEnumerable<MessageDescriptor> messages) =>
        messages.Where(message => message.GetOptions()?.MapEntry is not true)
            .SelectMany(message => AllMessages(message.NestedTypes).Prepend(message));

    private static string NameOf(MessageDescriptor message) =>
        message.ContainingType is { } around ? $"{NameOf(around)}.{message.Name}" : message.Name;
}
