namespace Settlement.Policy;

/// <summary>How a parameter's values are written and read.</summary>
internal enum ValueKind : byte
{
    Money,
    Percent,
    Times,
    Points,
    Months,
    Years,
    WorkingDays,
    Count,
    MonthDay,
    Date,
    Flag,
    Choice,
    Set,
    Codes,
    Bands,
}

/// <summary>
/// One dimension of a parameter's table: the members a row or column may be named by, each standing for one or more cells.
/// </summary>
internal sealed class Dimension(string name, int size, IReadOnlyList<KeyValuePair<string, int[]>> members)
{
    public string Name { get; } = name;

    public int Size { get; } = size;

    /// <summary>Cells of a member name, none when there is no such name.</summary>
    public int[] CellsOf(string member) => members.FirstOrDefault(m => m.Key == member).Value ?? [];

    /// <summary>Name of the cell itself.</summary>
    public string NameOf(int cell) => members.First(m => m.Value is [var only] && only == cell).Key;

    public IEnumerable<string> Members => members.Select(m => m.Key);

    public static Dimension Of<T>(string name, params ReadOnlySpan<KeyValuePair<string, int[]>> groupings)
        where T : struct, Enum
    {
        var members = Enum.GetValues<T>().Select(v => KeyValuePair.Create(v.Text(), new[] { Convert.ToInt32(v) })).ToList();
        var size = members.Max(m => m.Value[0]) + 1;
        members.AddRange(groupings);
        return new Dimension(name, size, members);
    }
}

/// <summary>
/// What the engine knows of a parameter: its text id, kind, table, and whether a pack that settles whole claims must give it for every day.
/// </summary>
internal sealed record ParameterInfo(
    Parameter Id, string Name, ValueKind Kind, Dimension[] Dimensions, Type? Enum = null, bool Required = false)
{
    public int CellCount => Dimensions.Aggregate(1, (n, d) => n * d.Size);

    /// <summary>Unit as packs write it.</summary>
    public string Unit => Kind switch
    {
        ValueKind.Money => "yuan",
        ValueKind.Percent or ValueKind.Bands => "percent",
        ValueKind.Times => "times",
        ValueKind.Points => "points",
        ValueKind.Months => "months",
        ValueKind.Years => "years",
        ValueKind.WorkingDays => "working days",
        ValueKind.Count => "count",
        ValueKind.MonthDay => "month-day",
        ValueKind.Date => "date",
        ValueKind.Flag => "yes/no",
        ValueKind.Choice => "choice",
        ValueKind.Codes => "codes",
        _ => "list",
    };

    /// <summary>Names of the members of a choice or list, in the order of the enumeration; none for other kinds.</summary>
    public string[] MemberNames() => Enum is null
        ? []
        : (string[])typeof(Names).GetMethod(nameof(Names.All))!.MakeGenericMethod(Enum).Invoke(null, null)!;

    /// <summary>Names a list may hold: of facility levels also those that stand for several (LEVEL_3).</summary>
    public IEnumerable<string> ListMembers() => Enum == typeof(FacilityTier) ? ParameterSchema.TierMembers : MemberNames();

    /// <summary>Name of a cell for messages, empty for a single value.</summary>
    public string CellName(int cell)
    {
        var names = new string[Dimensions.Length];
        for (var d = Dimensions.Length - 1; d >= 0; d--)
        {
            names[d] = Dimensions[d].NameOf(cell % Dimensions[d].Size);
            cell /= Dimensions[d].Size;
        }

        return string.Join(", ", names);
    }
}

/// <summary>The parameters the engine reads: the vocabulary of packs.</summary>
public static class ParameterSchema
{
    private static readonly Dimension Tier = Dimension.Of<FacilityTier>(
        "level", KeyValuePair.Create(
            "LEVEL_3", new[] { (int)FacilityTier.Level3Ungraded, (int)FacilityTier.Level3A, (int)FacilityTier.Level3B }));

    private static readonly Dimension Insured = Dimension.Of<InsuredCategory>("insured");
    private static readonly Dimension Kind = Dimension.Of<OutOfAreaKind>("kind of place");
    private static readonly Dimension InProvince = Dimension.Of<Province>("province");
    private static readonly Dimension Standing = Dimension.Of<Standing>("standing");
    private static readonly Dimension Basis = Dimension.Of<FilingBasis>("basis");
    private static readonly Dimension Disabled = Dimension.Of<Disability>("disabled");
    private static readonly Dimension Trait = Dimension.Of<OutpatientTrait>("trait of the facility");

    private static readonly Dimension Category = new(
        "category",
        (int)SocialGroup.ImpoverishedByIllness + 1,
        [.. Enum.GetValues<SocialGroup>().Where(g => g <= SocialGroup.ImpoverishedByIllness)
            .Select(g => KeyValuePair.Create(g.Text(), new[] { (int)g }))]);

    private static readonly Dimension ChronicDisease = new(
        "disease",
        (int)Disease.Sjogren + 1,
        [.. Enum.GetValues<Disease>().Where(d => d is > Disease.None and <= Disease.Sjogren)
            .Select(d => KeyValuePair.Create(d.Text(), new[] { (int)d }))]);

    private static readonly Dimension FiledFor = Dimension.Of<FiledDiseases>("filed diseases");
    private static readonly Dimension Subsidy = Dimension.Of<PremiumSubsidy>("subsidy");
    private static readonly Dimension Matter = Dimension.Of<ServiceMatter>("matter");
    private static readonly Dimension Applicant = Dimension.Of<ContractApplicant>("applicant");
    private static readonly Dimension Ground = Dimension.Of<ContractGround>("ground");

    private static readonly ParameterInfo?[] ById = new ParameterInfo?[256];
    private static readonly Dictionary<string, ParameterInfo> ByName = new(StringComparer.Ordinal);

    static ParameterSchema()
    {
        foreach (var info in Declare())
        {
            ById[(int)info.Id] = info;
            ByName.Add(info.Name, info);
        }
    }

    /// <summary>Text id of a parameter, as packs write it.</summary>
    public static string NameOf(Parameter parameter) => ById[(int)parameter]?.Name ?? parameter.ToString();

    /// <summary>Parameter of a text id.</summary>
    public static bool TryFind(string name, out Parameter parameter)
    {
        parameter = ByName.TryGetValue(name, out var info) ? info.Id : Parameter.None;
        return info is not null;
    }

    internal static IEnumerable<ParameterInfo> All => ByName.Values;

    /// <summary>Cells of a facility level by its pack name; LEVEL_3 stands for all its grades.</summary>
    internal static int[] TierCells(string name) => Tier.CellsOf(name);

    /// <summary>Names of facility levels, those that stand for several included.</summary>
    internal static IEnumerable<string> TierMembers => Tier.Members;

    internal static ParameterInfo Info(Parameter parameter)
        => ById[(int)parameter] ?? throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "no such parameter");

    internal static ParameterInfo? Find(string name) => ByName.GetValueOrDefault(name);

    private static ParameterInfo Money(Parameter id, string name, params Dimension[] table) => new(id, name, ValueKind.Money, table);

    private static ParameterInfo Percent(Parameter id, string name, params Dimension[] table) => new(id, name, ValueKind.Percent, table);

    private static ParameterInfo Set<T>(Parameter id, string name, params Dimension[] table)
        where T : struct, Enum
        => new(id, name, ValueKind.Set, table, typeof(T));

    private static ParameterInfo Choice<T>(Parameter id, string name, params Dimension[] table)
        where T : struct, Enum
        => new(id, name, ValueKind.Choice, table, typeof(T));

    private static ParameterInfo Plain(ValueKind kind, Parameter id, string name, params Dimension[] table) => new(id, name, kind, table);

    private static IEnumerable<ParameterInfo> Declare()
    {
        foreach (var group in new[] { Frame(), Inpatient(), OutOfArea(), SeriousIllness(), Assistance(), Cover(), Outpatient(), Maternity(),
            Services(), OutpatientYearly(), KnownPayments(), EmployeeData(), AroundSettlement() })
            foreach (var info in group)
                yield return info;
    }

    private static ParameterInfo[] Frame() =>
    [
        Plain(ValueKind.MonthDay, Parameter.BenefitYearStart, "benefit.year-start") with { Required = true },
        Set<VisitType>(Parameter.BenefitVisitTypes, "benefit.visit-types"),
        Set<VisitType>(Parameter.BenefitAssistanceOnly, "benefit.assistance-only"),
        Plain(ValueKind.Codes, Parameter.PlaceNotPayable, "place.not-payable") with { Required = true },
        Set<VisitType>(Parameter.FacilityAny, "facility.any") with { Required = true },
    ];

    private static ParameterInfo[] Inpatient() =>
    [
        Money(Parameter.PooledYearlyCap, "pooled.yearly-cap") with { Required = true },
        Choice<AboveCapRule>(Parameter.PooledAboveCap, "pooled.above-cap"),
        Money(Parameter.InpatientDeductible, "inpatient.deductible", Tier, Insured),
        Plain(ValueKind.Bands, Parameter.InpatientRatio, "inpatient.ratio", Tier, Insured),
        Money(Parameter.InpatientDeductibleStep, "inpatient.deductible-step"),
        Money(Parameter.InpatientDeductibleFloor, "inpatient.deductible-floor"),
        Set<Diagnoses>(Parameter.InpatientDeductibleFree, "inpatient.deductible-free", Insured) with { Required = true },
        Plain(ValueKind.Flag, Parameter.InpatientDeductibleFreeSpecialised, "inpatient.deductible-free-specialised") with
        {
            Required = true,
        },
        Set<Diagnoses>(Parameter.InpatientOnceAYear, "inpatient.once-a-year") with { Required = true },
        Set<VisitType>(Parameter.InpatientOnceAYearVisitTypes, "inpatient.once-a-year-visit-types") with { Required = true },
        Choice<EmergencyBasis>(Parameter.InpatientEmergencyBasis, "inpatient.emergency-basis"),
        Money(Parameter.InpatientEmergencyDeductible, "inpatient.emergency-deductible", Insured),
        Percent(Parameter.InpatientEmergencyRatio, "inpatient.emergency-ratio", Insured),
        Set<VisitType>(Parameter.MaternityAsLocal, "maternity.as-local") with { Required = true },
        Set<VisitType>(Parameter.MaternityDeductibleWaived, "maternity.deductible-waived") with { Required = true },
    ];

    private static ParameterInfo[] OutOfArea() =>
    [
        Set<OutOfAreaKind>(Parameter.OutOfAreaKinds, "out-of-area.kinds") with { Required = true },
        Set<InsuredCategory>(Parameter.OutOfAreaLongTermEverywhere, "out-of-area.long-term-everywhere") with { Required = true },
        Plain(ValueKind.Times, Parameter.OutOfAreaDeductibleFactor, "out-of-area.deductible-factor", Kind),
        Plain(ValueKind.Points, Parameter.OutOfAreaRatioReduction, "out-of-area.ratio-reduction", Kind),
        Money(Parameter.OutOfAreaDeductible, "out-of-area.deductible", Kind, InProvince),
        Percent(Parameter.OutOfAreaRatio, "out-of-area.ratio", Kind, InProvince),
        Plain(ValueKind.Points, Parameter.OutOfAreaSeriousIllnessReduction, "out-of-area.serious-illness-reduction", Kind),
        Plain(ValueKind.Flag, Parameter.OutOfAreaExemptions, "out-of-area.exemptions") with { Required = true },
    ];

    private static ParameterInfo[] SeriousIllness() =>
    [
        Set<VisitType>(Parameter.SeriousIllnessVisitTypes, "serious-illness.visit-types") with { Required = true },
        Plain(ValueKind.Bands, Parameter.SeriousIllnessBands, "serious-illness.bands", Standing),
        Set<SocialGroup>(Parameter.SeriousIllnessHardshipGroups, "serious-illness.hardship-groups") with { Required = true },
        Money(Parameter.SeriousIllnessYearlyCap, "serious-illness.yearly-cap"),
        Set<SocialGroup>(Parameter.SeriousIllnessCapExemptGroups, "serious-illness.cap-exempt-groups") with { Required = true },
        Plain(ValueKind.Count, Parameter.SeriousIllnessChildMaxAge, "serious-illness.child-max-age"),
        Set<Diagnoses>(Parameter.SeriousIllnessChildDiagnoses, "serious-illness.child-diagnoses") with { Required = true },
    ];

    private static ParameterInfo[] Assistance() =>
    [
        Set<SocialGroup>(Parameter.AssistanceGroups, "assistance.groups"),
        Set<VisitType>(Parameter.AssistanceVisitTypes, "assistance.visit-types"),
        Money(Parameter.AssistanceBasicDeductible, "assistance.basic-deductible", Category),
        Percent(Parameter.AssistanceBasicRatio, "assistance.basic-ratio", Category),
        Money(Parameter.AssistanceBasicCap, "assistance.basic-cap", Category),
        Money(Parameter.AssistanceTiltDeductible, "assistance.tilt-deductible", Category),
        Percent(Parameter.AssistanceTiltRatio, "assistance.tilt-ratio", Category),
        Money(Parameter.AssistanceTiltCap, "assistance.tilt-cap", Category),
        Set<Diagnoses>(Parameter.AssistanceSevereMentalDiagnoses, "assistance.severe-mental-diagnoses"),
        Set<VisitType>(Parameter.AssistanceSevereMentalVisitTypes, "assistance.severe-mental-visit-types"),
        Percent(Parameter.AssistanceSevereMentalRatio, "assistance.severe-mental-ratio", Category),
        Plain(ValueKind.Flag, Parameter.AssistanceOneStop, "assistance.one-stop"),
        Set<VisitType>(Parameter.AssistanceOneStopVisitTypes, "assistance.one-stop-visit-types"),
        Set<FacilityTier>(Parameter.AssistanceOneStopAwayTiers, "assistance.one-stop-away-levels"),
        Set<VisitType>(Parameter.AssistanceOutpatientVisitTypes, "assistance.outpatient-visit-types"),
        Percent(Parameter.AssistanceOutpatientRatio, "assistance.outpatient-ratio", Category, Disabled),
        Money(Parameter.AssistanceOutpatientCap, "assistance.outpatient-cap", Category),
    ];

    private static ParameterInfo[] OutpatientYearly() =>
    [
        Set<OutOfAreaKind>(Parameter.OutpatientYearlyKinds, "outpatient-yearly.kinds"),
        Money(Parameter.OutpatientYearlyDeductible, "outpatient-yearly.deductible"),
        Money(Parameter.OutpatientYearlyCap, "outpatient-yearly.cap"),
        Percent(Parameter.OutpatientYearlyRatio, "outpatient-yearly.ratio", Tier, Trait),
        Money(Parameter.OutpatientYearlyJointCap, "outpatient-yearly.joint-cap", FiledFor),
    ];

    private static ParameterInfo[] KnownPayments() =>
    [
        Set<OutOfAreaKind>(Parameter.AssistanceAwayKinds, "assistance.away-kinds"),
        Set<SocialGroup>(Parameter.AssistanceOnApplicationGroups, "assistance.on-application-groups"),
        Choice<SevereMentalBasis>(Parameter.AssistanceSevereMentalBasis, "assistance.severe-mental-basis"),
        Money(Parameter.AssistanceSevereMentalBedDay, "assistance.severe-mental-bed-day", Category),
        Set<VisitType>(Parameter.AlertVisitTypes, "alert.visit-types"),
        Set<SocialGroup>(Parameter.AlertRelapseGroups, "alert.relapse-groups"),
        Set<SocialGroup>(Parameter.AlertRelapseUnless, "alert.relapse-unless", Category),
        Money(Parameter.AlertRelapseThreshold, "alert.relapse-threshold"),
        Money(Parameter.AlertIllnessThreshold, "alert.illness-threshold"),
        Set<SocialGroup>(Parameter.DepositWaivedGroups, "deposit.waived-groups"),
    ];

    private static ParameterInfo[] EmployeeData() =>
    [
        Money(Parameter.EmployeeLargeAmountCap, "employee.large-amount-cap"),
        Plain(ValueKind.Months, Parameter.EmployeeWaitingFlexible, "employee.waiting-flexible"),
        Plain(ValueKind.Months, Parameter.EmployeeTransferGap, "employee.transfer-gap"),
        Plain(ValueKind.Times, Parameter.EmployeeBaseLower, "employee.base-lower"),
        Plain(ValueKind.Times, Parameter.EmployeeBaseUpper, "employee.base-upper"),
        Percent(Parameter.EmployeeRatePerson, "employee.rate-person"),
        Percent(Parameter.EmployeeRateEmployerLower, "employee.rate-employer-lower"),
        Percent(Parameter.EmployeeRateEmployerUpper, "employee.rate-employer-upper"),
    ];

    private static ParameterInfo[] AroundSettlement() =>
    [
        Plain(ValueKind.WorkingDays, Parameter.ServiceWorkingDays, "service.working-days", Matter),
        Set<ContractGround>(Parameter.ContractRefusalGrounds, "contract.refusal-grounds", Applicant),
        Plain(ValueKind.Years, Parameter.ContractRefusalYears, "contract.refusal-years", Ground),
        Set<ContractGround>(Parameter.ContractRefusalUntilSettled, "contract.refusal-until-settled"),
    ];

    private static ParameterInfo[] Outpatient() =>
    [
        Set<Diagnoses>(Parameter.EmergencyOutpatientDiagnoses, "emergency-outpatient.diagnoses"),
        Plain(ValueKind.Flag, Parameter.EmergencyOutpatientTreatmentItem, "emergency-outpatient.treatment-item"),
        Percent(Parameter.EmergencyOutpatientRatio, "emergency-outpatient.ratio"),
        Plain(ValueKind.Points, Parameter.EmergencyOutpatientRatioReduction, "emergency-outpatient.ratio-reduction", Kind),
        Plain(ValueKind.Points, Parameter.EmergencyOutpatientSeriousIllnessReduction, "emergency-outpatient.serious-illness-reduction",
            Kind),
        Percent(Parameter.ChronicRatio, "chronic.ratio", ChronicDisease, Tier),
        Money(Parameter.ChronicMonthlyLimit, "chronic.monthly-limit", ChronicDisease),
        Money(Parameter.ChronicYearlyLimit, "chronic.yearly-limit", ChronicDisease),
        Plain(ValueKind.Months, Parameter.CertificationDelay, "certification.delay", ChronicDisease),
        Plain(ValueKind.Count, Parameter.CertificationLastDay, "certification.last-day"),
        Plain(ValueKind.Flag, Parameter.OutpatientChosenFacility, "outpatient-pooling.chosen-facility"),
        Set<FacilityTier>(Parameter.OutpatientLongTermTiers, "outpatient-pooling.long-term-levels"),
        Set<FacilityTier>(Parameter.OutpatientEverywhereTiers, "outpatient-pooling.everywhere-levels"),
        Money(Parameter.OutpatientDeductible, "outpatient-pooling.quarter-deductible"),
        Percent(Parameter.OutpatientRatio, "outpatient-pooling.quarter-ratio"),
        Money(Parameter.OutpatientCap, "outpatient-pooling.quarter-cap"),
        Percent(Parameter.OutpatientGeneralFeeRatio, "outpatient-pooling.general-fee-ratio"),
        Money(Parameter.OutpatientVillageCap, "outpatient-pooling.village-quarter-cap"),
        Money(Parameter.OutpatientVillageFeeStandard, "outpatient-pooling.village-fee-standard"),
        Money(Parameter.OutpatientVillageFeePerson, "outpatient-pooling.village-fee-person"),
        Money(Parameter.OutpatientVillageFeeCap, "outpatient-pooling.village-fee-yearly-cap"),
        Set<FacilityTier>(Parameter.TwoDiseaseTiers, "two-disease.levels"),
        Percent(Parameter.TwoDiseaseRatio, "two-disease.ratio"),
        Money(Parameter.TwoDiseaseCap, "two-disease.yearly-cap", FiledFor),
    ];

    private static ParameterInfo[] Maternity() =>
    [
        Percent(Parameter.PrenatalRatio, "prenatal.ratio"),
        Money(Parameter.PrenatalCap, "prenatal.pregnancy-cap"),
        Percent(Parameter.ReproductionRatio, "reproduction.ratio"),
        Plain(ValueKind.Count, Parameter.ReproductionCycles, "reproduction.cycles"),
        Set<VisitType>(Parameter.PlaceInProvinceOnly, "place.in-province-only"),
    ];

    private static ParameterInfo[] Services() =>
    [
        Set<SocialGroup>(Parameter.AssistanceDisabledGroups, "assistance.disabled-groups"),
        Plain(ValueKind.Flag, Parameter.AssistanceByHand, "assistance.by-hand"),
        Set<SocialGroup>(Parameter.GrantGroups, "grant.groups"),
        Set<VisitType>(Parameter.GrantVisitTypes, "grant.visit-types"),
        Plain(ValueKind.Months, Parameter.GrantWindow, "grant.window"),
        Plain(ValueKind.Months, Parameter.GrantInterval, "grant.interval"),
        Money(Parameter.ContributionTotal, "contribution.total", Insured),
        Money(Parameter.ContributionPerson, "contribution.person", Insured, Subsidy),
        Set<SocialGroup>(Parameter.ContributionReducedGroups, "contribution.reduced-groups"),
        Set<SocialGroup>(Parameter.ContributionFreeGroups, "contribution.free-groups"),
        Money(Parameter.SeriousIllnessPremium, "serious-illness.premium"),
    ];

    private static ParameterInfo[] Cover() =>
    [
        Choice<CoverBasis>(Parameter.CoverageBasis, "coverage.basis") with { Required = true },
        Plain(ValueKind.MonthDay, Parameter.CoveragePeriodStart, "coverage.period-start"),
        Plain(ValueKind.MonthDay, Parameter.CoveragePeriodEnd, "coverage.period-end"),
        Plain(ValueKind.MonthDay, Parameter.CoverageGapStart, "coverage.gap-start"),
        Plain(ValueKind.Months, Parameter.CoverageWaiting, "coverage.waiting"),
        Set<SocialGroup>(Parameter.CoverageSpecialGroups, "coverage.special-groups"),
        Plain(ValueKind.Months, Parameter.CoverageNewborn, "coverage.newborn"),
        Plain(ValueKind.MonthDay, Parameter.CoverageLastEnrolment, "coverage.last-enrolment"),
        Plain(ValueKind.Months, Parameter.CoverageEmployeeContinuous, "coverage.employee-continuous"),
        Plain(ValueKind.Months, Parameter.CoverageEmployeeGap, "coverage.employee-gap"),
        Choice<FilingValidityRule>(Parameter.FilingValidity, "filing.validity", Basis),
        Plain(ValueKind.Months, Parameter.FilingFromIssue, "filing.from-issue"),
        Plain(ValueKind.Date, Parameter.FilingRecordedUntil, "filing.recorded-until"),
        Plain(ValueKind.Months, Parameter.FilingEndAfter, "filing.end-after"),
    ];
}
