using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Policy;

namespace Settlement.Cluster.Tests;

/// <summary>What the packs say, over the wire: the same as the command line says of the same folder.</summary>
public sealed class PolicyServiceTests : IAsyncLifetime
{
    private const string Benxi = "210500";
    private TestSilo silo = null!;
    private Policies.PoliciesClient policies = null!;

    public async Task InitializeAsync()
    {
        silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true"]);
        policies = new Policies.PoliciesClient(silo.Channel());
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task The_packs_are_listed_with_the_documents_they_cite()
    {
        ListPacksResponse answer = await policies.ListPacksAsync(new ListPacksRequest());

        Assert.Equal(["210100", "210500", "211100"], answer.Packs.Select(pack => pack.Region));
        PolicyPack benxi = answer.Packs.Single(pack => pack.Region == Benxi);
        Assert.Equal(("本溪市", "Benxi", "2020-01-01"), (benxi.NameZh, benxi.NameEn, benxi.InForceFrom));
        Assert.Equal(silo.Policies.Find(210500)!.Label, benxi.Policy);
        Assert.Equal([Contract.Scheme.Types.Kind.Resident, Contract.Scheme.Types.Kind.Employee], benxi.Schemes);
        Document repealed = benxi.Documents.Single(document => document.Number == "本医保发〔2022〕7号");
        Assert.Equal((Document.Types.Status.Repealed, "2022-10-31"), (repealed.Status, repealed.To));
    }

    [Fact]
    public async Task A_parameter_comes_with_its_value_of_the_day_unit_history_and_citations()
    {
        GetParameterRequest request = new() { Region = Benxi, Parameter = "pooled.yearly-cap", On = "2022-12-01", Language = "en" };

        GetParameterResponse answer = await policies.GetParameterAsync(request);

        Assert.Equal(("yuan", "80000"), (answer.Unit, Assert.Single(answer.Value.Cells).Value));
        Assert.Equal(("本医保发〔2022〕26号", "第三部分"), (answer.Value.Document.Number, answer.Value.Section));
        Assert.Equal(
            [("2020-01-01", "2022-10-31", "60000"), ("2022-11-01", "", "80000")],
            answer.History.Select(value => (value.From, value.To, value.Cells.Single().Value)));
        Assert.StartsWith("pooled.yearly-cap  Yearly cap of the pooled fund\nBenxi, RESIDENT, 2022-12-01:\n  80000 yuan", answer.Text);
        request.On = "2019-12-31";
        Assert.Null((await policies.GetParameterAsync(request)).Value);
    }

    [Fact]
    public async Task An_unpublished_value_names_the_document_that_should_have_it_and_a_parameter_no_pack_gives_is_refused()
    {
        GetParameterRequest request = new() { Region = Benxi, Parameter = "out-of-area.deductible", On = "2022-05-01" };

        GetParameterResponse answer = await policies.GetParameterAsync(request);

        Assert.True(answer.Value.Unpublished);
        Assert.Equal("本医保发〔2022〕7号", answer.Value.Document.Number);
        request.Parameter = "chronic.ratio";
        Google.Rpc.ErrorInfo info = await Refused.With(
            "UNPUBLISHED_PARAMETER", StatusCode.FailedPrecondition, policies.GetParameterAsync(request));
        Assert.Equal("chronic.ratio", info.Metadata["parameter"]);
        request.Parameter = "no.such";
        await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, policies.GetParameterAsync(request));
        request.Region = "990100";
        request.Parameter = "chronic.ratio";
        await Refused.With("NO_POLICY_IN_FORCE", StatusCode.FailedPrecondition, policies.GetParameterAsync(request));
    }

    [Fact]
    public async Task Every_parameter_of_a_pack_is_listed_as_it_is_told_alone()
    {
        ListParametersResponse answer = await policies.ListParametersAsync(new ListParametersRequest { Region = Benxi, On = "2022-12-01" });

        Pack benxi = silo.Policies.Find(210500)!;
        Assert.Equal(benxi.Label, answer.Policy);
        Assert.Equal(benxi.Parameters.Count(parameter => parameter.Scheme == Settlement.Policy.Scheme.Resident), answer.Parameters.Count);
        GetParameterRequest one = new() { Region = Benxi, Parameter = "pooled.yearly-cap", On = "2022-12-01" };
        Assert.Equal(
            await policies.GetParameterAsync(one),
            Assert.Single(answer.Parameters, parameter => parameter.Parameter == "pooled.yearly-cap"));
        await Refused.With(
            "NO_POLICY_IN_FORCE", StatusCode.FailedPrecondition,
            policies.ListParametersAsync(new ListParametersRequest { Region = "990100" }));
        await Refused.With(
            "INVALID_FIELD", StatusCode.InvalidArgument,
            policies.ListParametersAsync(new ListParametersRequest { Region = Benxi, On = "x" }));
    }

    [Fact]
    public async Task What_an_employees_month_costs_is_worked_out_or_refused_by_name()
    {
        GetEmployeeContributionRequest request = new() { Region = Benxi, On = "2026-01-01", MonthlyWage = 300_000, AverageWage = 700_000 };

        GetEmployeeContributionResponse answer = await policies.GetEmployeeContributionAsync(request);

        Assert.Equal((420_000, 8_400, 29_400, 33_600), (answer.Base, answer.Person, answer.EmployerLowest, answer.EmployerHighest));
        request.Region = Requests.Shenyang;
        Google.Rpc.ErrorInfo info = await Refused.With(
            "UNPUBLISHED_PARAMETER", StatusCode.FailedPrecondition, policies.GetEmployeeContributionAsync(request));
        Assert.Equal("employee.base-lower", info.Metadata["parameter"]);
        request.AverageWage = 0;
        await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, policies.GetEmployeeContributionAsync(request));
    }

    [Fact]
    public async Task The_lint_gives_the_same_rows_and_findings_as_the_command_line()
    {
        LintReport report = PolicyLint.Check(TestSilo.PoliciesDirectory, new DateOnly(2026, 6, 1));

        LintResponse answer = await policies.LintAsync(new LintRequest { On = "2026-06-01" });

        Assert.Equal(report.Failed, answer.Failed);
        Assert.Equal(
            report.Rows.Select(row => (row.Pack, row.Floor.En, row.PackValue)),
            answer.Rows.Select(row => (row.Pack, row.RequirementEn, row.PackValue)));
        Assert.Equal(report.Findings.Select(finding => finding.Message), answer.Findings.Select(finding => finding.Message));
        Conformance split = answer.Rows.First(row => row.Pack == "shenyang" && row.Verdict == Conformance.Types.Verdict.Differs);
        Assert.NotEmpty(split.FloorCitation);

        LintResponse shenyang = await policies.LintAsync(new LintRequest { On = "2026-06-01", Region = Requests.Shenyang });
        Assert.Equal(answer.Rows.Where(row => row.Pack == "shenyang"), shenyang.Rows);
        await Refused.With("NO_POLICY_IN_FORCE", StatusCode.FailedPrecondition, policies.LintAsync(new LintRequest { Region = "990100" }));
    }

    [Theory]
    [InlineData("ListPacks", "{}", "packs")]
    [InlineData("GetParameter", """{"region": "210100", "parameter": "inpatient.ratio", "on": "2026-01-01"}""", "value")]
    [InlineData("Lint", """{"on": "2026-06-01"}""", "rows")]
    public async Task The_json_face_answers_the_same(string method, string body, string member)
    {
        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
        using HttpResponseMessage answer = await http.PostAsync(
            $"/v1/Policies/{method}", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.NotEqual(JsonValueKind.Null, json.RootElement.GetProperty(member).ValueKind);
    }
}
