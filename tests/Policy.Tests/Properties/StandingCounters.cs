using Settlement.Tests.Histories;

namespace Settlement.Policy.Tests.Properties;

/// <summary>
/// The counters that a person must have, worked out anew from nothing but the entries that stand: what was claimed, what was paid, and the
/// rules' own words. It shares no code with the pipeline. Zero counters are left out.
/// </summary>
internal sealed class StandingCounters
{
    private readonly Dictionary<(CounterId Id, int Year, int Period), long> yearly = [];
    private readonly Dictionary<(CounterId Id, string Reference), long> referenced = [];

    public StandingCounters(PersonRun run)
    {
        var claimedLater = run.StandingPayments.Where(e => e.Assists is not null).Select(e => e.Assists!.Sequence).ToHashSet();
        foreach (var entry in run.StandingPayments)
        {
            if (entry.IsSettlement)
                AddSettlement(entry, claimedLater.Contains(entry.Sequence));

            AddTiers(entry);
        }
    }

    /// <summary>Every counter as a line, sorted.</summary>
    public string[] Lines() => Sorted(
        yearly.Where(c => c.Value != 0).Select(c => Line(c.Key.Id, $"{c.Key.Year}/{c.Key.Period}", c.Value)),
        referenced.Where(c => c.Value != 0).Select(c => Line(c.Key.Id, c.Key.Reference, c.Value)));

    /// <summary>The counters of an account in the same form.</summary>
    public static string[] LinesOf(Account account) => Sorted(
        account.Counters.Yearly.ToArray().Select(c => Line(c.Key.Id, $"{c.Key.Year}/{c.Key.Period}", c.Value)),
        account.Counters.Referenced.ToArray().Select(c => Line(c.Id, c.Reference, c.Value)));

    private static string[] Sorted(IEnumerable<string> some, IEnumerable<string> more) =>
        [.. some.Concat(more).Order(StringComparer.Ordinal)];

    private static string Line(CounterId id, string of, long value) => $"{id} {of}: {value}";

    private static bool IsAdmission(Claim claim) =>
        claim.VisitType is VisitType.Inpatient or VisitType.Delivery or VisitType.FamilyPlanning;

    private void AddSettlement(Entry entry, bool claimedLater)
    {
        var (claim, a, year) = (entry.Claim!, entry.Decided!.Amounts, entry.Claim!.DischargeDate.Year);
        switch (claim.Region)
        {
            case 210100:
                AddInsurance(claim, a, year, IsAdmission(claim) || claim.VisitType == VisitType.EmergencyOutpatient);
                AddShenyang(claim, a, year);
                if (entry.Decided.AssistanceReason == AssistanceReason.NotOneStop && !claimedLater)
                    Add(CounterId.DeferredAssistance, $"{entry.Sequence}", 1);

                break;
            case 210500:
                AddInsurance(claim, a, year, claim is { VisitType: VisitType.Inpatient, Scheme: Scheme.Resident });
                AddBenxi(claim, a, year);
                break;
            default:
                AddPanjin(claim, a, year, entry.Decided.Groups);
                break;
        }
    }

    private void AddInsurance(Claim claim, Amounts a, int year, bool countsForSeriousIllness)
    {
        Add(CounterId.PooledPaid, year, a.Pooled);
        Add(CounterId.SeriousIllnessPaid, year, a.SeriousIllness);
        if (countsForSeriousIllness)
            Add(CounterId.SeriousIllnessBase, year, a.InScope - a.Pooled + a.PreSelfPay - a.PreSelfPayNotCounted);

        if (claim.VisitType == VisitType.TwoDisease)
            Add(CounterId.TwoDiseasePaid, year, a.Pooled);
    }

    private void AddShenyang(Claim claim, Amounts a, int year)
    {
        var quarter = ((claim.DischargeDate.Month - 1) / 3) + 1;
        switch (claim.VisitType)
        {
            case VisitType.Inpatient when claim.Diagnoses.HasFlag(Diagnoses.OncologyTreatment) && claim.Facility.Designated:
                Add(CounterId.OncologyAdmissions, year, 1);
                break;
            case VisitType.OutpatientPooling:
                Add(CounterId.QuarterDeductiblePaid, year, a.DeductiblePaid, quarter);
                Add(CounterId.QuarterPooledPaid, year, a.Pooled, quarter);
                if (claim.Facility.Kind != FacilityKind.VillageClinic)
                    break;

                Add(CounterId.QuarterVillagePaid, year, a.Pooled, quarter);
                var fee = Math.Min(
                    Math.Max(0, Math.Min(claim.GeneralFee, 600) - 50),
                    1100 - yearly.GetValueOrDefault((CounterId.VillageGeneralFeePaid, year, 0)));
                Add(CounterId.VillageGeneralFeePaid, year, Math.Min(fee, a.Pooled));
                break;
            case VisitType.Prenatal:
                Add(CounterId.PregnancyPaid, claim.Pregnancy!, a.Pooled);
                break;
            case VisitType.AssistedReproduction:
                Add(CounterId.CycleBills, claim.Cycle!, 1);
                break;
        }

        Add(CounterId.AssistanceOutpatientPaid, year, a.AssistanceOutpatient);
    }

    private void AddBenxi(Claim claim, Amounts a, int year)
    {
        if (claim is { VisitType: VisitType.Inpatient, Scheme: Scheme.Resident })
            Add(CounterId.Admissions, year, 1);

        if (claim.VisitType is VisitType.OutpatientPooling or VisitType.TwoDisease)
            Add(CounterId.OutpatientDeductiblePaid, year, a.DeductiblePaid);

        if (claim.VisitType == VisitType.OutpatientPooling)
            Add(CounterId.OutpatientPaid, year, a.Pooled);
    }

    private void AddPanjin(Claim claim, Amounts a, int year, GroupSet groups)
    {
        Add(CounterId.PersonBurden, year, a.PersonPays);
        var relapse = groups.BestCategory is { } category and not SocialGroup.ImpoverishedByIllness
            && !(category == SocialGroup.PovertyRelieved && groups.Has(SocialGroup.MonitoredPoor));
        var alert = relapse ? CounterId.AlertRelapseIntoPoverty : CounterId.AlertPovertyByIllness;
        var threshold = relapse ? 5_000_00 : claim.Scheme == Scheme.Employee ? 50_000_00 : 20_000_00;
        if (yearly[(CounterId.PersonBurden, year, 0)] >= threshold)
            yearly[(alert, year, 0)] = 1;
    }

    /// <summary>The tiers, of a settlement and of assistance claimed later alike; nothing where none was applied.</summary>
    private void AddTiers(Entry entry)
    {
        var (claim, a, decided) = (entry.Claim!, entry.Decided!.Amounts, entry.Decided!);
        if (claim.Region == 210500 || decided.AssistanceReason != AssistanceReason.None
            || decided.Groups.BestCategory is null or SocialGroup.ImpoverishedByIllness)
            return;

        if (!IsAdmission(claim) && claim.VisitType != VisitType.Chronic)
            return;

        var year = claim.DischargeDate.Year;
        if (IsAdmission(claim) && claim.Diagnoses.HasFlag(Diagnoses.SevereMentalDisorder))
        {
            Add(CounterId.AssistanceOtherPaid, year, a.AssistanceOther);
            return;
        }

        Add(CounterId.AssistanceBasicBase, year, Math.Max(0, a.InScope - a.Pooled - a.SeriousIllness));
        Add(CounterId.AssistanceBasicPaid, year, a.AssistanceBasic);
        Add(CounterId.AssistanceTiltBase, year, Math.Max(0, a.InScope + a.PreSelfPay - a.Pooled - a.SeriousIllness - a.AssistanceBasic));
        Add(CounterId.AssistanceTiltPaid, year, a.AssistanceTilt);
    }

    private void Add(CounterId id, int year, long amount, int period = 0)
        => yearly[(id, year, period)] = yearly.GetValueOrDefault((id, year, period)) + amount;

    private void Add(CounterId id, string reference, long amount)
        => referenced[(id, reference)] = referenced.GetValueOrDefault((id, reference)) + amount;
}
