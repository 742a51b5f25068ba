using Settlement.Policy.Tests.Mutation;
using YamlDotNet.RepresentationModel;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>
/// Section 4.4: a pack may limit what the fund pays for a disease in a calendar month or year. Shenyang publishes none, so it is shown with
/// a pack that does.
/// </summary>
public class ChronicLimitTests
{
    private static Adjudicator With(string parameter, string value)
    {
        var parts = new PackParts(Repository.Catalogue.Find(Shenyang)!);
        var yaml = new YamlStream();
        yaml.Load(new StringReader($"{{ from: 2025-01-01, value: {value} }}"));
        var part = parts[parameter];
        ((YamlSequenceNode)part.Node["values"]).Children[0] = yaml.Documents[0].RootNode;
        return new Adjudicator(PolicyCatalogue.Of(parts.With(part)!));
    }

    private static readonly Account Patient = Person()
        .With(new CertificationFact(Disease.Dialysis, Day("2024-06-01")), new CertificationFact(Disease.Stroke, Day("2024-06-01")));

    private static Claim Bill(Disease disease, string day) =>
        Visit(VisitType.Chronic, At(FacilityLevel.Level1), 1000, day) with { Disease = disease };

    private static long[] Paid(Adjudicator adjudicator, params Claim[] claims)
    {
        var (account, paid) = (Patient, new List<long>());
        foreach (var claim in claims)
        {
            var settled = Assert.IsType<Adjudication>(adjudicator.Settle(account, claim, account.LastSequence + 1));
            Assert.Equal(settled.Amounts.Total, settled.Amounts.Pooled + settled.Amounts.PersonPays);
            Assert.Equal(settled.Amounts.Pooled, settled.Matrix().Rows.Sum(r => r.Pooled));
            paid.Add(settled.Amounts.Pooled / 100);
            account = settled.After;
        }

        return [.. paid];
    }

    [Fact]
    public void A_monthly_limit_is_for_one_disease_and_calendar_month()
        => Assert.Equal(
            [800, 200, 800, 800],
            Paid(
                With("chronic.monthly-limit", "{ DIALYSIS: 1000 }"),
                Bill(Disease.Dialysis, "2025-03-01"),
                Bill(Disease.Dialysis, "2025-03-31"),
                Bill(Disease.Stroke, "2025-03-31"),
                Bill(Disease.Dialysis, "2025-04-01")));

    [Fact]
    public void A_yearly_limit_is_for_one_disease_and_calendar_year()
        => Assert.Equal(
            [800, 200, 0, 800],
            Paid(
                With("chronic.yearly-limit", "{ DIALYSIS: 1000 }"),
                Bill(Disease.Dialysis, "2025-03-01"),
                Bill(Disease.Dialysis, "2025-06-30"),
                Bill(Disease.Dialysis, "2025-12-31"),
                Bill(Disease.Dialysis, "2026-01-01")));
}
