using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>The policy register: every document of the Benxi register with its standing (section 10).</summary>
public class RegisterTests
{
    private static readonly PolicyRegister Register = PolicyRegister.Load(Repository.Policies);

    private static RegisteredDocument[] Benxi => [.. Register.Documents.Where(d => d.Register == "benxi")];

    [Theory]
    [InlineData(RegisterList.InForce, 86)]
    [InlineData(RegisterList.Repealed, 14)]
    [InlineData(RegisterList.Lapsed, 36)]
    public void Benxi_lists_its_documents(RegisterList list, int count)
        => Assert.Equal(Enumerable.Range(1, count), Benxi.Where(d => d.List == list).Select(d => d.Place));

    [Fact]
    public void Eight_of_those_in_force_are_amended_and_say_by_what()
    {
        var amended = Benxi.Where(d => d.Status == DocumentStatus.Amended).ToArray();

        Assert.Equal(8, amended.Length);
        Assert.All(amended, d => Assert.Equal(RegisterList.InForce, d.List));
        Assert.All(amended.SelectMany(d => d.Changes).Where(c => c.By is not null), c => Assert.NotNull(Register.Find(c.By!)));
    }

    [Fact]
    public void A_change_names_document_section_and_day()
    {
        var change = Register.Find("本医保发〔2019〕39号")!.Changes.Single(c => c.Section == "第三章 第十六条");

        Assert.Equal(("本医保发〔2022〕26号", "第三部分", Day("2022-11-01")), (change.By, change.BySection, change.From!.Value));
    }

    [Fact]
    public void The_status_of_a_list_is_the_lists()
        => Assert.All(Benxi, d => Assert.Equal(
            d.List switch { RegisterList.Repealed => DocumentStatus.Repealed, RegisterList.Lapsed => DocumentStatus.Lapsed, _ =>
                d.Changes.IsEmpty ? DocumentStatus.InForce : DocumentStatus.Amended },
            d.Status));

    [Theory]
    [InlineData(
        "status: repealed, list: repealed, no: 1 }", "status: gone, list: repealed, no: 1 }",
        "unknown status 'gone', must be one of in-force, amended, repealed, lapsed")]
    [InlineData(
        "status: repealed, list: repealed, no: 1 }", "status: repealed, list: repealed }",
        "a listed document has its 'no', a cited one has none")]
    [InlineData(
        "status: repealed, list: repealed, no: 1 }", "status: repealed, list: repealed, no: 0 }", "'no' must be a whole number above 0: 0")]
    [InlineData(
        "status: repealed, list: repealed, no: 1 }", "status: amended, list: in-force, no: 1 }",
        "an amended document has 'changes', no other has")]
    [InlineData(
        "status: repealed, list: repealed, no: 1 }", "status: in-force, to: 2020-01-01, list: in-force, no: 1 }",
        "'to' is for documents that have ended")]
    [InlineData("status: repealed, list: repealed, no: 1 }", "status: repealed, list: repealed, no: 1, day: 1 }", "unknown key 'day'")]
    public void A_register_that_is_not_sound_does_not_load(string old, string replacement, string error)
    {
        using var copy = new PolicyCopy("benxi");
        copy.Edit("register/benxi.yaml", old, replacement);

        Assert.Contains(error, copy.Errors(Day("2026-06-01")), StringComparison.Ordinal);
    }
}
