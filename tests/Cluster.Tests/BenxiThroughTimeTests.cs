using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cluster.Tests;

/// <summary>
/// Section 7 over the wire: the same stay in Benxi under three dates, each explained by the documents of its day; and what is not
/// published.
/// </summary>
public sealed class BenxiThroughTimeTests : IAsyncLifetime
{
    private const string Benxi = "210500";
    private TestSilo silo = null!;

    public async Task InitializeAsync() => silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true"]);

    public async Task DisposeAsync() => await silo.DisposeAsync();

    // 40,000 yuan at level 3B for an orphan, whose serious-illness threshold is 6,750. Each date a person of its own: the counters are
    // those of the year. discharged    deductible   pooled     serious illness    what explains the ratio
    // and the serious-illness ratio
    [Theory]
    [InlineData("2022-10-31", 50_000, 2_172_500, 806_750, "55 %", "本医保发〔2019〕39号 第三章 第十九条（一）1", "70 %")]
    [InlineData("2022-11-01", 80_000, 2_548_000, 543_900, "65 %", "本医保发〔2022〕26号 第一部分（二）", "70 %")]
    [InlineData("2023-01-01", 80_000, 2_548_000, 582_750, "65 %", "本医保发〔2022〕26号 第一部分（二）", "75 %")]
    public async Task The_same_stay_has_the_values_and_the_documents_of_its_day(
        string discharged, long deductible, long pooled, long seriousIllness, string ratio, string document, string seriousIllnessRatio)
    {
        string person = await RegisterAsync($"P{discharged}");
        SettlementResult settled = (await silo.Settlement.SettleAsync(Requests.Settle(person, $"r{discharged}", Stay(discharged)))).Result;

        SettlementView view = await silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = settled.SettlementId, Language = "en" });

        Assert.Equal((deductible, pooled, seriousIllness), (settled.DeductibleStandard, settled.Pooled, settled.SeriousIllness));
        Assert.Equal(("UNPUBLISHED_PARAMETER", 0), (settled.AssistanceReason, settled.AssistanceBasic));
        Step band = view.Result.Steps.Single(step => step.Code == "POOLED_BAND");
        Assert.Contains($"x {ratio} =", band.Text);
        Assert.Equal(document, band.Citation);
        Assert.Contains($"x {seriousIllnessRatio} =", view.Result.Steps.Single(step => step.Code == "SERIOUS_ILLNESS_BAND").Text);
    }

    [Fact]
    public async Task An_unpublished_parameter_is_refused_by_name_cell_and_the_document_that_should_have_it()
    {
        string person = await RegisterAsync("P1");
        Claim referred = Stay("2022-05-10");
        referred.Referral = true;
        referred.Facility.Division = "210100";

        Google.Rpc.ErrorInfo info = await Refused.With(
            "UNPUBLISHED_PARAMETER", StatusCode.FailedPrecondition, silo.Settlement.SettleAsync(Requests.Settle(person, "r1", referred)));

        Assert.Equal(
            ("out-of-area.deductible", "REFERRAL, INSIDE", "本医保发〔2022〕7号 全文"),
            (info.Metadata["parameter"], info.Metadata["cell"], info.Metadata["document"]));
        Claim chronic = Stay("2023-05-10");
        chronic.VisitType = Visit.Types.Type.Chronic;
        info = await Refused.With(
            "UNPUBLISHED_PARAMETER", StatusCode.FailedPrecondition, silo.Settlement.SettleAsync(Requests.Settle(person, "r2", chronic)));
        Assert.Equal("benefit.visit-types", info.Metadata["parameter"]);
        Assert.NotEmpty(info.Metadata["document"]);
    }

    private static Claim Stay(string discharged)
    {
        Claim claim = Requests.Inpatient(4_000_000, "H210500001", discharged);
        claim.Region = claim.Facility.Division = Benxi;
        claim.Facility.Grade = "3B";
        claim.AdmissionDate = discharged == "2023-01-01" ? "2022-12-30" : $"{discharged[..8]}01";
        return claim;
    }

    private async Task<string> RegisterAsync(string person)
    {
        RegisterRequest request = new() { RequestId = $"reg-{person}", Person = person, BirthDate = "1980-05-20", Region = Benxi };
        request.Facts.Add(new Fact { Insured = new Insured { From = "2019-01-01", Category = Insured.Types.Category.Adult } });
        request.Facts.Add(new Fact { Coverage = new CoverageInterval { From = "2020-01-01", To = "2025-12-31" } });
        request.Facts.Add(Requests.Group(Membership.Types.Group.Orphan));
        await silo.Enrolment.RegisterAsync(request);
        return person;
    }
}
