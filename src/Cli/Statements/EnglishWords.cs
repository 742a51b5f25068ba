using Settlement.Contract;

namespace Settlement.Cli.Statements;

/// <summary>English words of the statement.</summary>
internal static class EnglishWords
{
    public static Words Instance { get; } = new()
    {
        Language = "en",
        Title = "Medical insurance settlement statement",
        QuoteTitle = "Medical insurance quote",
        Reversed = "This settlement has been reversed",
        SettlementId = "Settlement",
        SettledAt = "Settled at",
        Person = "Person",
        Scheme = "Scheme",
        Facility = "Facility",
        VisitType = "Visit",
        Admission = "Admitted",
        Discharge = "Discharged (served)",
        VisitId = "Visit id",
        ChargeBatch = "Charge batch",
        BenefitYear = "Benefit year",
        Place = "Place of care",
        Policy = "Policy",
        Charges = "Charges",
        Total = "Total",
        SelfFunded = "Self-funded",
        OverLimit = "Over price limit",
        PreSelfPay = "Pre-self-pay",
        InScope = "In scope",
        Payments = "Payments",
        DeductibleStandard = "Deductible standard",
        DeductiblePaid = "Deductible paid",
        Pooled = "Pooled fund",
        SeriousIllness = "Serious illness",
        AssistanceBasic = "Assistance basic",
        AssistanceTilt = "Assistance tilt",
        AssistanceOutpatient = "Assistance outpatient",
        AssistanceOther = "Assistance other",
        PersonPays = "Person",
        Payers = ["Pooled", "Serious ill.", "Basic", "Tilt", "Outpatient", "Other", "Person"],
        AssistanceWithheld = "Assistance withheld",
        Warning = "Warning",
        Alert = "Alert raised",
        Matrix = "Cost bands by payer",
        Band = "band",
        Ratio = "ratio",
        Amount = "Amount",
        Sum = "sum",
        Steps = "Steps of the calculation",
        Base = "base",
        Interval = "interval",
        Above = "and above",
        Parameter = "parameter",
        Counter = "counter",
        Source = "source",
        YearToDate = "Counters of the year",
        Lasting = "lasting",
        Unit = "in yuan",
        Schemes = new Dictionary<Scheme.Types.Kind, string>
        {
            [Contract.Scheme.Types.Kind.Resident] = "resident",
            [Contract.Scheme.Types.Kind.Employee] = "employee",
        },
        Visits = new Dictionary<Visit.Types.Type, string>
        {
            [Visit.Types.Type.Inpatient] = "inpatient",
            [Visit.Types.Type.Delivery] = "delivery",
            [Visit.Types.Type.FamilyPlanning] = "family planning",
            [Visit.Types.Type.EmergencyOutpatient] = "emergency rescue",
            [Visit.Types.Type.Chronic] = "chronic outpatient",
            [Visit.Types.Type.OutpatientPooling] = "outpatient pooling",
            [Visit.Types.Type.TwoDisease] = "two-disease drugs",
            [Visit.Types.Type.Prenatal] = "prenatal checks",
            [Visit.Types.Type.AssistedReproduction] = "assisted reproduction",
            [Visit.Types.Type.HighValueDrug] = "high-value drug",
        },
        Places = new Dictionary<OutOfArea.Types.Kind, string>
        {
            [OutOfArea.Types.Kind.Local] = "local",
            [OutOfArea.Types.Kind.LongTerm] = "long-term resident elsewhere",
            [OutOfArea.Types.Kind.CriticalEmergency] = "critical emergency elsewhere",
            [OutOfArea.Types.Kind.Referral] = "referral",
            [OutOfArea.Types.Kind.Temporary] = "temporarily elsewhere",
        },
        Levels = new Dictionary<Facility.Types.Level, string>
        {
            [Contract.Facility.Types.Level.Primary] = "primary",
            [Contract.Facility.Types.Level._1] = "level 1",
            [Contract.Facility.Types.Level._2] = "level 2",
            [Contract.Facility.Types.Level._3] = "level 3",
            [Contract.Facility.Types.Level.SpecialLevel3] = "special level 3",
            [Contract.Facility.Types.Level.Unrated] = "unrated",
        },
        Alerts = new Dictionary<Alert.Types.Kind, string>
        {
            [Contract.Alert.Types.Kind.RelapseIntoPoverty] = "relapse into poverty",
            [Contract.Alert.Types.Kind.PovertyByIllness] = "poverty by illness",
        },
        Regions = new Dictionary<string, string> { ["210100"] = "Shenyang", ["210500"] = "Benxi", ["211100"] = "Panjin" },
        Counters = new Dictionary<string, string>
        {
            ["pooledPaid"] = "pooled fund paid",
            ["seriousIllnessBase"] = "serious-illness base",
            ["seriousIllnessPaid"] = "serious illness paid",
            ["oncologyAdmissions"] = "oncology admissions",
            ["admissions"] = "admissions",
            ["assistanceBasicBase"] = "basic assistance base",
            ["assistanceBasicPaid"] = "basic assistance paid",
            ["assistanceTiltBase"] = "tilt assistance base",
            ["assistanceTiltPaid"] = "tilt assistance paid",
            ["assistanceOutpatientPaid"] = "outpatient assistance paid",
            ["assistanceOtherPaid"] = "other assistance paid",
            ["deductiblePaid"] = "deductible paid",
            ["villagePaid"] = "village clinic paid",
            ["villageGeneralFeePaid"] = "village general fee paid",
            ["twoDiseasePaid"] = "two-disease drugs paid",
        },
        Reasons = new Dictionary<string, string>
        {
            ["NOT_ONE_STOP"] = "not one-stop; may be claimed by hand",
            ["UNPUBLISHED_PARAMETER"] = "a parameter of the policy is unpublished",
            ["OUT_OF_AREA_KIND"] = "the kind of place given differs from the derived one",
        },
    };
}
