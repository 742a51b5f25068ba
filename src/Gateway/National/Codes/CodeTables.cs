using Settlement.Contract;
using ClearingType = Settlement.Contract.Clearing.Types.Type;
using Clas = Settlement.Contract.FeeLine.Types.Class;
using Insurance = Settlement.Contract.Scheme.Types.Kind;
using Type = Settlement.Contract.Visit.Types.Type;

namespace Settlement.Gateway.National.Codes;

/// <summary>A value of the contract in a code table.</summary>
internal sealed record Ours<T>(T Value)
    where T : struct, Enum;

/// <summary>What a <c>med_type</c> says of a visit.</summary>
/// <param name="Visit">The visit type.</param>
/// <param name="IsInpatient">Settled by 2303 and 2304, not by 2206 and 2207.</param>
/// <param name="Emergency">Emergency rescue.</param>
/// <param name="Referral">Referred.</param>
internal sealed record MedicalType(Type Visit, bool IsInpatient, bool Emergency = false, bool Referral = false);

/// <summary>
/// The code tables of the national interface, one row a code: whatever else holds codes is read or written through these.
/// </summary>
internal static class CodeTables
{
    /// <summary>险种: insurance type.</summary>
    public static CodeTable<Ours<Insurance>> InsuranceTypes { get; } = new("insutype", "险种类型",
        new("310", "职工基本医疗保险", new(Insurance.Employee)),
        new("320", "公务员医疗补助", null),
        new("330", "大额医疗费用补助", null),
        new("340", "离休人员医疗保障", null),
        new("350", "一至六级残疾军人医疗补助", null),
        new("360", "老红军医疗保障", null),
        new("370", "企业补充医疗保险", null),
        new("380", "新型农村合作医疗", null),
        new("390", "城乡居民基本医疗保险", new(Insurance.Resident)),
        new("391", "城镇居民基本医疗保险", null),
        new("392", "城乡居民大病医疗保险", null),
        new("399", "其他特殊人员医疗保障", null),
        new("410", "长期照护保险", null),
        new("510", "生育保险", null));

    /// <summary>
    /// 医疗类别: the national core. Codes that provinces add collide with each other, so they come from <see cref="NationalOptions"/>.
    /// </summary>
    public static CodeTable<MedicalType> MedicalTypes { get; } = new("med_type", "医疗类别",
        new("11", "普通门诊", new(Type.OutpatientPooling, false)),
        new("12", "门诊挂号", null),
        new("13", "急诊", new(Type.EmergencyOutpatient, false, Emergency: true)),
        new("14", "门诊慢特病", new(Type.Chronic, false)),
        new("19", "意外伤害门诊", null),
        new("21", "普通住院", new(Type.Inpatient, true)),
        new("22", "外伤住院", null),
        new("23", "转外诊治住院", new(Type.Inpatient, true, Referral: true)),
        new("24", "急诊转住院", new(Type.Inpatient, true, Emergency: true)),
        new("41", "定点药店购药", null),
        new("51", "生育门诊", new(Type.Prenatal, false)),
        new("52", "生育住院", new(Type.Delivery, true)),
        new("53", "计划生育手术费", new(Type.FamilyPlanning, true)),
        new("91", "其他门诊", null),
        new("92", "其他住院", null),
        new("93", "其他购药", null),
        new("99", "地方扩展", null));

    /// <summary>收费项目等级: class of a fee line.</summary>
    public static CodeTable<Ours<Clas>> LineClasses { get; } = new("chrgitm_lv", "收费项目等级",
        new("01", "甲类", new(Clas.A)),
        new("02", "乙类", new(Clas.B)),
        new("03", "丙类", new(Clas.C)));

    /// <summary>就诊凭证类型: what the person showed. It decides nothing here, and is answered as it came.</summary>
    public static CodeTable<string> Certificates { get; } = new("mdtrt_cert_type", "就诊凭证类型",
        new("01", "医保电子凭证令牌", "token"),
        new("02", "身份证号", "identity number"),
        new("03", "社会保障卡卡号", "social security card"));

    /// <summary>个人结算方式.</summary>
    public static CodeTable<string> SettlementWays { get; } = new("psn_setlway", "个人结算方式",
        new("01", "按项目结算", "by item"),
        new("02", "按定额结算", null));

    /// <summary>清算类别: what a claim is cleared under, by visit.</summary>
    public static CodeTable<Ours<ClearingType>> ClearingTypes { get; } = new("clr_type", "清算类别",
        new("11", "门诊", new(ClearingType.Outpatient)),
        new("21", "住院", new(ClearingType.Inpatient)),
        new("41", "药店购药", null),
        new("99", "其他", null));

    /// <summary>基金支付类型 of an answer, by what paid and the scheme.</summary>
    public static IReadOnlyList<FundType> Funds { get; } =
    [
        new(Insurance.Employee, Fund.Pooled, "310100", "职工基本医疗保险统筹基金"),
        new(Insurance.Employee, Fund.SeriousIllness, "330100", "职工大额医疗费用补助基金"),
        new(Insurance.Employee, Fund.Assistance, "610100", "医疗救助基金"),
        new(Insurance.Resident, Fund.Pooled, "390100", "城乡居民基本医疗保险基金"),
        new(Insurance.Resident, Fund.SeriousIllness, "390200", "城乡居民大病医疗保险资金"),
        new(Insurance.Resident, Fund.Assistance, "610100", "医疗救助基金"),
    ];

    /// <summary>累计类别代码 of 5206, by counter. A counter without a national code is left out there; <c>GetAccount</c> has them all.</summary>
    public static IReadOnlyList<CumulativeType> Cumulative { get; } =
    [
        new("C0000_BIZ21", "普通住院次数", IsMoney: false, "admissions"),
        new("Q0000_BIZ11", "普通门诊起付线累计", IsMoney: true, "outpatientDeductiblePaid"),
        new("D390101", "城乡居民基本医疗保险统筹支付累计", IsMoney: true, "pooledPaid"),
        new("D390201", "城乡居民大病保险支付累计", IsMoney: true, "seriousIllnessPaid"),
        new("TS390201", "城乡居民大病合规费用累计", IsMoney: true, "seriousIllnessBase"),
        new("D610101", "医疗救助支付累计", IsMoney: true, "assistanceBasicPaid", "assistanceTiltPaid", "assistanceOutpatientPaid",
            "assistanceOtherPaid"),
    ];

    /// <summary>Cost bands of an answer, as 结算过程信息 calls them.</summary>
    public static IReadOnlyDictionary<string, string> Bands { get; } = new Dictionary<string, string>
    {
        ["SELF_FUNDED"] = "全自费",
        ["OVER_LIMIT"] = "超限价自付",
        ["PRE_SELF_PAY"] = "先行自付",
        ["BELOW_DEDUCTIBLE"] = "起付标准以下",
        ["GENERAL_FEE"] = "一般诊疗费",
        ["SHARED"] = "统筹基金支付段",
        ["ABOVE_CAP"] = "最高支付限额以上",
        ["IN_SCOPE"] = "政策范围内",
    };

    /// <summary>05 治疗费 among 医疗收费项目类别: emergency rescue needs one.</summary>
    public const string TreatmentFee = "05";

    /// <summary>12 一般诊疗费 among 医疗收费项目类别.</summary>
    public const string GeneralFee = "12";
}

/// <summary>Who pays.</summary>
internal enum Fund
{
    /// <summary>统筹基金.</summary>
    Pooled,

    /// <summary>大病保险, 大额补助.</summary>
    SeriousIllness,

    /// <summary>医疗救助.</summary>
    Assistance,
}

/// <summary>A row of 基金支付类型.</summary>
internal sealed record FundType(Insurance Scheme, Fund Fund, string Code, string Name);

/// <summary>A row of 累计类别: the counters whose sum it is.</summary>
internal sealed record CumulativeType(string Code, string Term, bool IsMoney, params string[] Counters);
