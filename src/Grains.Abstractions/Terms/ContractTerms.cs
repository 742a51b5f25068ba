using Settlement.Contract;

namespace Settlement.Terms;

/// <summary>What the values of the contract are called, for every face that shows them to people.</summary>
public static class ContractTerms
{
    /// <summary>Schemes 险种.</summary>
    public static TermTable<Scheme.Types.Kind> Schemes { get; } = new(new Dictionary<Scheme.Types.Kind, Term>
    {
        [Scheme.Types.Kind.Resident] = new("城乡居民基本医疗保险", "resident"),
        [Scheme.Types.Kind.Employee] = new("职工基本医疗保险", "employee"),
    });

    /// <summary>Visit types 医疗类别.</summary>
    public static TermTable<Visit.Types.Type> Visits { get; } = new(new Dictionary<Visit.Types.Type, Term>
    {
        [Visit.Types.Type.Inpatient] = new("普通住院", "inpatient"),
        [Visit.Types.Type.Delivery] = new("生育住院", "delivery"),
        [Visit.Types.Type.FamilyPlanning] = new("计划生育住院", "family planning"),
        [Visit.Types.Type.EmergencyOutpatient] = new("急诊抢救", "emergency rescue"),
        [Visit.Types.Type.Chronic] = new("门诊慢特病", "chronic outpatient"),
        [Visit.Types.Type.OutpatientPooling] = new("门诊统筹", "outpatient pooling"),
        [Visit.Types.Type.TwoDisease] = new("门诊两病", "two-disease drugs"),
        [Visit.Types.Type.Prenatal] = new("产前检查", "prenatal checks"),
        [Visit.Types.Type.AssistedReproduction] = new("辅助生殖", "assisted reproduction"),
        [Visit.Types.Type.HighValueDrug] = new("高值药品", "high-value drug"),
    });

    /// <summary>Kinds of place 就医地.</summary>
    public static TermTable<OutOfArea.Types.Kind> Places { get; } = new(new Dictionary<OutOfArea.Types.Kind, Term>
    {
        [OutOfArea.Types.Kind.Local] = new("本地", "local"),
        [OutOfArea.Types.Kind.LongTerm] = new("异地长期居住", "long-term resident elsewhere"),
        [OutOfArea.Types.Kind.CriticalEmergency] = new("异地急危重症", "critical emergency elsewhere"),
        [OutOfArea.Types.Kind.Referral] = new("转诊", "referral"),
        [OutOfArea.Types.Kind.Temporary] = new("临时外出就医", "temporarily elsewhere"),
    });

    /// <summary>Facility levels 医疗机构等级.</summary>
    public static TermTable<Facility.Types.Level> Levels { get; } = new(new Dictionary<Facility.Types.Level, Term>
    {
        [Facility.Types.Level.Primary] = new("基层", "primary"),
        [Facility.Types.Level._1] = new("一级", "level 1"),
        [Facility.Types.Level._2] = new("二级", "level 2"),
        [Facility.Types.Level._3] = new("三级", "level 3"),
        [Facility.Types.Level.SpecialLevel3] = new("特三级", "special level 3"),
        [Facility.Types.Level.Unrated] = new("未定级", "unrated"),
    });

    /// <summary>Alerts 预警.</summary>
    public static TermTable<Alert.Types.Kind> Alerts { get; } = new(new Dictionary<Alert.Types.Kind, Term>
    {
        [Alert.Types.Kind.RelapseIntoPoverty] = new("因病返贫", "relapse into poverty"),
        [Alert.Types.Kind.PovertyByIllness] = new("因病致贫", "poverty by illness"),
    });

    /// <summary>Pooling regions 统筹区 that have a pack.</summary>
    public static TermTable<string> Regions { get; } = new(new Dictionary<string, Term>
    {
        ["210100"] = new("沈阳市", "Shenyang"),
        ["210500"] = new("本溪市", "Benxi"),
        ["211100"] = new("盘锦市", "Panjin"),
    });

    /// <summary>Counters 累计, by their name without the quarter.</summary>
    public static TermTable<string> Counters { get; } = new(new Dictionary<string, Term>
    {
        ["pooledPaid"] = new("统筹基金累计支付", "pooled fund paid"),
        ["seriousIllnessBase"] = new("大病保险合规费用累计", "serious-illness base"),
        ["seriousIllnessPaid"] = new("大病保险累计支付", "serious illness paid"),
        ["oncologyAdmissions"] = new("肿瘤住院次数", "oncology admissions"),
        ["admissions"] = new("住院次数", "admissions"),
        ["assistanceBasicBase"] = new("基本救助费用累计", "basic assistance base"),
        ["assistanceBasicPaid"] = new("基本救助累计支付", "basic assistance paid"),
        ["assistanceTiltBase"] = new("倾斜救助费用累计", "tilt assistance base"),
        ["assistanceTiltPaid"] = new("倾斜救助累计支付", "tilt assistance paid"),
        ["assistanceOutpatientPaid"] = new("门诊救助累计支付", "outpatient assistance paid"),
        ["assistanceOtherPaid"] = new("其他救助累计支付", "other assistance paid"),
        ["deductiblePaid"] = new("起付线累计", "deductible paid"),
        ["villagePaid"] = new("村卫生室累计支付", "village clinic paid"),
        ["villageGeneralFeePaid"] = new("村卫生室一般诊疗费累计支付", "village general fee paid"),
        ["twoDiseasePaid"] = new("两病累计支付", "two-disease drugs paid"),
        ["outpatientDeductiblePaid"] = new("门诊年度起付线累计", "outpatient deductible of the year paid"),
        ["outpatientPaid"] = new("门诊年度累计支付", "outpatient pooling of the year paid"),
        ["personBurden"] = new("个人负担累计", "burden of the person"),
        ["pregnancyPaid"] = new("孕期累计支付", "prenatal checks paid"),
        ["cycleBills"] = new("辅助生殖周期结算次数", "bills of a reproduction cycle"),
        ["diseaseMonthPaid"] = new("门诊慢特病本月累计支付", "chronic disease paid in the month"),
        ["diseaseYearPaid"] = new("门诊慢特病年度累计支付", "chronic disease paid in the year"),
        ["deferredAssistance"] = new("可依申请的医疗救助", "assistance that may still be claimed"),
        ["alert.RELAPSE_INTO_POVERTY"] = new("因病返贫预警", "alert: relapse into poverty"),
        ["alert.POVERTY_BY_ILLNESS"] = new("因病致贫预警", "alert: poverty by illness"),
    });

    /// <summary>Why something was withheld or warned of.</summary>
    public static TermTable<string> Reasons { get; } = new(new Dictionary<string, Term>
    {
        ["NOT_ONE_STOP"] = new("不符合一站式结算条件, 可按规定手工申请", "not one-stop; may be claimed by hand"),
        ["UNPUBLISHED_PARAMETER"] = new("政策参数未公布", "a parameter of the policy is unpublished"),
        ["OUT_OF_AREA_KIND"] = new("所报异地就医类型与核定不符", "the kind of place given differs from the derived one"),
    });

    /// <summary>Name of a counter such as <c>Q1.deductiblePaid</c>, its quarter before it; one without words stands as it is.</summary>
    public static string CounterName(string name, string language)
    {
        if (Counters.Has(name)) return Counters.Of(name, language);
        int dot = name.IndexOf('.');
        return dot > 0 && Counters.Has(name[(dot + 1)..]) ? $"{name[..dot]} {Counters.Of(name[(dot + 1)..], language)}" : name;
    }

    /// <summary>Whether a counter counts things; all others hold fen.</summary>
    public static bool IsCount(string name) =>
        name is "oncologyAdmissions" or "admissions" or "cycleBills" or "deferredAssistance"
            || name.StartsWith("alert.", StringComparison.Ordinal);
}
