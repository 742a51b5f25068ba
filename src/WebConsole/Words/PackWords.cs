using System.Text.RegularExpressions;
using Settlement.Terms;

namespace Settlement.WebConsole.Words;

/// <summary>
/// Words for the names that stand in packs: rows and columns of tables, members of lists, units. What has no word stands as it is.
/// </summary>
internal static partial class PackWords
{
    private static readonly TermTable<string> Names = new(new Dictionary<string, Term>
    {
        ["PRIMARY"] = new("基层", "primary"),
        ["LEVEL_1"] = new("一级", "level 1"),
        ["LEVEL_2"] = new("二级", "level 2"),
        ["LEVEL_3"] = new("三级", "level 3"),
        ["LEVEL_3_UNGRADED"] = new("三级（未分等）", "level 3 ungraded"),
        ["LEVEL_3A"] = new("三级甲等", "level 3A"),
        ["LEVEL_3B"] = new("三级乙等", "level 3B"),
        ["SPECIAL_LEVEL_3"] = new("特三级", "special level 3"),
        ["UNRATED"] = new("未定级", "unrated"),
        ["COUNTY_LEVEL_2"] = new("县级二级", "county level 2"),
        ["LOCAL"] = new("市内", "local"),
        ["LONG_TERM"] = new("异地长期居住", "long-term elsewhere"),
        ["REFERRAL"] = new("转诊", "referral"),
        ["CRITICAL_EMERGENCY"] = new("异地急危重症", "critical emergency"),
        ["TEMPORARY"] = new("临时外出", "temporarily elsewhere"),
        ["INSIDE"] = new("省内", "in the province"),
        ["OUTSIDE"] = new("省外", "outside the province"),
        ["GENERAL"] = new("普通人员", "general"),
        ["HARDSHIP"] = new("困难人员", "hardship"),
        ["LISTED_CHILD"] = new("列名重病儿童", "listed child"),
        ["HYPERTENSION"] = new("高血压", "hypertension"),
        ["DIABETES"] = new("糖尿病", "diabetes"),
        ["HYPERTENSION_ONLY"] = new("仅高血压", "hypertension only"),
        ["INPATIENT"] = new("普通住院", "inpatient"),
        ["DELIVERY"] = new("生育住院", "delivery"),
        ["FAMILY_PLANNING"] = new("计划生育", "family planning"),
        ["EMERGENCY_OUTPATIENT"] = new("急诊抢救", "emergency rescue"),
        ["CHRONIC"] = new("门诊慢特病", "chronic outpatient"),
        ["OUTPATIENT_POOLING"] = new("门诊统筹", "outpatient pooling"),
        ["TWO_DISEASE"] = new("门诊两病", "two-disease drugs"),
        ["PRENATAL"] = new("产前检查", "prenatal checks"),
        ["ASSISTED_REPRODUCTION"] = new("辅助生殖", "assisted reproduction"),
        ["HIGH_VALUE_DRUG"] = new("高值药品", "high-value drug"),
        ["REDUCED"] = new("部分资助", "subsidised in part"),
        ["FULL"] = new("全额资助", "subsidised in full"),
        ["NONE"] = new("无", "none"),
        ["YES"] = new("是", "yes"),
        ["NO"] = new("否", "no"),
        ["PLAIN"] = new("一般", "plain"),
        ["TCM"] = new("中医", "TCM"),
        ["COLLEGE_CLINIC"] = new("高校医疗机构", "college clinic"),
        ["ESSENTIAL_DRUGS"] = new("实施基本药物制度", "essential drugs"),
        ["PSYCHIATRIC_OR_INFECTIOUS"] = new("精神病、传染病专科", "psychiatric or infectious"),
        ["OUTPATIENT_REIMBURSEMENT"] = new("门诊费用报销", "outpatient reimbursement"),
        ["INPATIENT_REIMBURSEMENT"] = new("住院费用报销", "inpatient reimbursement"),
        ["MATERNITY"] = new("生育医疗费支付", "maternity"),
        ["MATERNITY_ALLOWANCE"] = new("生育津贴支付", "maternity allowance"),
        ["OUT_OF_AREA_FILING"] = new("异地长期居住备案", "out-of-area filing"),
        ["CHRONIC_CERTIFICATION"] = new("慢特病待遇认定", "chronic certification"),
        ["UNIT_REGISTRATION"] = new("单位参保登记", "unit registration"),
        ["ACCOUNT_WITHDRAWAL"] = new("个人账户支取", "account withdrawal"),
        ["MEDICAL_INSTITUTION"] = new("医疗机构", "medical institution"),
        ["PHARMACY"] = new("零售药店", "pharmacy"),
    });

    private static readonly TermTable<string> Units = new(new Dictionary<string, Term>
    {
        ["yuan"] = new("元", "yuan"),
        ["percent"] = new("%", "%"),
        ["times"] = new("倍", "times"),
        ["points"] = new("个百分点", "points"),
        ["months"] = new("个月", "months"),
        ["years"] = new("年", "years"),
        ["working days"] = new("个工作日", "working days"),
    });

    private static readonly TermTable<string>[] Tables = [
        Names, EnrolmentTerms.Categories, EnrolmentTerms.Groups, EnrolmentTerms.FilingBases];

    /// <summary>A cell or a value of a pack in words.</summary>
    public static string Of(string text, Text words) => Name().Replace(
        text, found => Array.Find(Tables, table => table.Has(found.Value))?.Of(found.Value, words.Language) ?? found.Value);

    /// <summary>The unit behind a figure; nothing where the values are words.</summary>
    public static string Unit(string unit, Text words) => Units.Has(unit) ? Units.Of(unit, words.Language) : "";

    [GeneratedRegex(@"\b[A-Z][A-Z0-9_]+\b")]
    private static partial Regex Name();
}
