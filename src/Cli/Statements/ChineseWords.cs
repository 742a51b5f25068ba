using Settlement.Contract;

namespace Settlement.Cli.Statements;

/// <summary>Chinese words of the statement, as hospital slips print them.</summary>
internal static class ChineseWords
{
    public static Words Instance { get; } = new()
    {
        Language = "zh",
        Title = "医疗保险费用结算单",
        QuoteTitle = "医疗保险费用预结算单",
        Reversed = "本结算已冲销",
        SettlementId = "结算编号",
        SettledAt = "结算时间",
        Person = "人员编号",
        Scheme = "险种",
        Facility = "医疗机构",
        VisitType = "医疗类别",
        Admission = "入院日期",
        Discharge = "出院(就诊)日期",
        VisitId = "就诊编号",
        ChargeBatch = "收费批次",
        BenefitYear = "待遇年度",
        Place = "就医地",
        Policy = "政策版本",
        Charges = "费用构成",
        Total = "医疗费总额",
        SelfFunded = "全自费",
        OverLimit = "超限价自费",
        PreSelfPay = "先行自付",
        InScope = "符合政策范围",
        Payments = "支付结果",
        DeductibleStandard = "起付标准",
        DeductiblePaid = "本次起付线",
        Pooled = "统筹基金支付",
        SeriousIllness = "大病保险支付",
        AssistanceBasic = "医疗救助(基本)",
        AssistanceTilt = "医疗救助(倾斜)",
        AssistanceOutpatient = "医疗救助(门诊)",
        AssistanceOther = "医疗救助(其他)",
        PersonPays = "个人支付",
        Payers = ["统筹基金", "大病保险", "基本救助", "倾斜救助", "门诊救助", "其他救助", "个人"],
        AssistanceWithheld = "救助未结算原因",
        Warning = "提示",
        Alert = "预警",
        Matrix = "费用分段与支付方",
        Band = "费用段",
        Ratio = "统筹比例",
        Amount = "金额",
        Sum = "合计",
        Steps = "结算过程",
        Base = "计算基数",
        Interval = "区间",
        Above = "以上",
        Parameter = "参数",
        Counter = "累计",
        Source = "依据",
        YearToDate = "年度累计",
        Lasting = "终身",
        Unit = "单位: 元",
        Schemes = new Dictionary<Scheme.Types.Kind, string>
        {
            [Contract.Scheme.Types.Kind.Resident] = "城乡居民基本医疗保险",
            [Contract.Scheme.Types.Kind.Employee] = "职工基本医疗保险",
        },
        Visits = new Dictionary<Visit.Types.Type, string>
        {
            [Visit.Types.Type.Inpatient] = "普通住院",
            [Visit.Types.Type.Delivery] = "生育住院",
            [Visit.Types.Type.FamilyPlanning] = "计划生育住院",
            [Visit.Types.Type.EmergencyOutpatient] = "急诊抢救",
            [Visit.Types.Type.Chronic] = "门诊慢特病",
            [Visit.Types.Type.OutpatientPooling] = "门诊统筹",
            [Visit.Types.Type.TwoDisease] = "门诊两病",
            [Visit.Types.Type.Prenatal] = "产前检查",
            [Visit.Types.Type.AssistedReproduction] = "辅助生殖",
            [Visit.Types.Type.HighValueDrug] = "高值药品",
        },
        Places = new Dictionary<OutOfArea.Types.Kind, string>
        {
            [OutOfArea.Types.Kind.Local] = "本地",
            [OutOfArea.Types.Kind.LongTerm] = "异地长期居住",
            [OutOfArea.Types.Kind.CriticalEmergency] = "异地急危重症",
            [OutOfArea.Types.Kind.Referral] = "转诊",
            [OutOfArea.Types.Kind.Temporary] = "临时外出就医",
        },
        Levels = new Dictionary<Facility.Types.Level, string>
        {
            [Contract.Facility.Types.Level.Primary] = "基层",
            [Contract.Facility.Types.Level._1] = "一级",
            [Contract.Facility.Types.Level._2] = "二级",
            [Contract.Facility.Types.Level._3] = "三级",
            [Contract.Facility.Types.Level.SpecialLevel3] = "特三级",
            [Contract.Facility.Types.Level.Unrated] = "未定级",
        },
        Alerts = new Dictionary<Alert.Types.Kind, string>
        {
            [Contract.Alert.Types.Kind.RelapseIntoPoverty] = "因病返贫",
            [Contract.Alert.Types.Kind.PovertyByIllness] = "因病致贫",
        },
        Regions = new Dictionary<string, string> { ["210100"] = "沈阳市", ["210500"] = "本溪市", ["211100"] = "盘锦市" },
        Counters = new Dictionary<string, string>
        {
            ["pooledPaid"] = "统筹基金累计支付",
            ["seriousIllnessBase"] = "大病保险合规费用累计",
            ["seriousIllnessPaid"] = "大病保险累计支付",
            ["oncologyAdmissions"] = "肿瘤住院次数",
            ["admissions"] = "住院次数",
            ["assistanceBasicBase"] = "基本救助费用累计",
            ["assistanceBasicPaid"] = "基本救助累计支付",
            ["assistanceTiltBase"] = "倾斜救助费用累计",
            ["assistanceTiltPaid"] = "倾斜救助累计支付",
            ["assistanceOutpatientPaid"] = "门诊救助累计支付",
            ["assistanceOtherPaid"] = "其他救助累计支付",
            ["deductiblePaid"] = "起付线累计",
            ["villagePaid"] = "村卫生室累计支付",
            ["villageGeneralFeePaid"] = "村卫生室一般诊疗费累计支付",
            ["twoDiseasePaid"] = "两病累计支付",
        },
        Reasons = new Dictionary<string, string>
        {
            ["NOT_ONE_STOP"] = "不符合一站式结算条件, 可按规定手工申请",
            ["UNPUBLISHED_PARAMETER"] = "政策参数未公布",
            ["OUT_OF_AREA_KIND"] = "所报异地就医类型与核定不符",
        },
    };
}
