using Settlement.Contract;

namespace Settlement.Cli.Tests.Support;

/// <summary>A settlement with every payer in it, worked out by hand; the figures belong together.</summary>
internal static class Examples
{
    public const string Person = "210100196003051236";
    public const string SettlementId = "0ABCDEFGHJKMNPQRSTVWXYZ012";

    public static SettlementView View(string language)
    {
        bool chinese = language == "zh";
        SettlementView view = new()
        {
            Result = Result(),
            Claim = new Claim
            {
                Region = "210100",
                Scheme = Scheme.Types.Kind.Resident,
                VisitType = Visit.Types.Type.Inpatient,
                Facility = new Facility { Code = "H21010200002", Level = Facility.Types.Level._3, Kind = Facility.Types.Kind.General,
                    Division = "210102" },
                AdmissionDate = "2025-11-03",
                DischargeDate = "2025-11-12",
            },
        };
        if (language.Length == 0) return view;
        Step deductible = view.Result.Steps[0];
        deductible.Text = chinese ? "起付标准：三级医院，成年居民" : "Deductible: level 3, adult";
        deductible.Citation = chinese ? "沈阳市城乡居民医疗保险待遇指南(2026) 第二节 住院待遇" : "Shenyang resident guide 2026, section 2, inpatient benefits";
        view.Result.Steps[1].Text = chinese ? "统筹基金按比例支付" : "Pooled fund pays its ratio";
        view.Result.Matrix[1].Text = chinese ? "起付线以下" : "Deductible";
        return view;
    }

    public static SettlementResult Result() => new()
    {
        SettlementId = SettlementId,
        RequestId = "H21010200002-0001",
        Person = Person,
        VisitId = "MD2025110300017",
        ChargeBatch = "1",
        Sequence = 4,
        SettledAt = "2025-11-12T10:20:30+08:00",
        BenefitYear = 2025,
        Policy = "shenyang 2025.1 (3f9a0c)",
        Totals = new Totals { Total = 10_000_000, SelfFunded = 500_000, OverLimit = 100_000, PreSelfPay = 400_000, InScope = 9_000_000 },
        DeductibleStandard = 60_000,
        DeductiblePaid = 60_000,
        Pooled = 6_705_000,
        SeriousIllness = 477_000,
        AssistanceBasic = 1_272_600,
        AssistanceTilt = 521_780,
        PersonPays = 1_023_620,
        OutOfAreaKind = OutOfArea.Types.Kind.Local,
        Matrix =
        {
            new MatrixRow { Band = "SELF_FUNDED", Amount = 500_000, Person = 500_000 },
            new MatrixRow { Band = "DEDUCTIBLE", Amount = 60_000, AssistanceBasic = 42_000, Person = 18_000 },
            new MatrixRow
            {
                Band = "POOLED_BAND", RatioBp = 7500, Amount = 8_940_000, Pooled = 6_705_000, SeriousIllness = 477_000,
                AssistanceBasic = 1_230_600, AssistanceTilt = 421_780, Person = 105_620,
            },
            new MatrixRow { Band = "PRE_SELF_PAY", Amount = 400_000, AssistanceTilt = 100_000, Person = 300_000 },
            new MatrixRow { Band = "OVER_LIMIT", Amount = 100_000, Person = 100_000 },
        },
        Steps =
        {
            new Step { Code = "DEDUCTIBLE", Parameter = "inpatient.deductible", Base = 9_000_000, Amount = 60_000 },
            new Step
            {
                Code = "POOLED_BAND", Parameter = "inpatient.ratio", RatioBp = 7500, From = 60_000, Base = 8_940_000, Amount = 6_705_000,
                Counter = "pooledPaid", CounterBefore = 100_000, CounterAfter = 6_805_000,
            },
        },
    };

    public static GetAccountResponse Account() => new()
    {
        Person = Person,
        Sequence = 4,
        Counters =
        {
            new Counter { Name = "pooledPaid", Year = 2025, Value = 6_805_000 },
            new Counter { Name = "oncologyAdmissions", Year = 2025, Value = 2 },
            new Counter { Name = "Q4.deductiblePaid", Year = 2025, Value = 4_000 },
            new Counter { Name = "pooledPaid", Year = 2024, Value = 1 },
        },
    };
}
