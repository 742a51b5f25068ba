namespace Settlement.Terms;

/// <summary>What the values of registered facts are called, by their names in the contract.</summary>
public static class EnrolmentTerms
{
    /// <summary>Insured categories 人员类别.</summary>
    public static TermTable<string> Categories { get; } = new(new Dictionary<string, Term>
    {
        ["ADULT"] = new("成年居民", "adult"),
        ["STUDENT"] = new("中小学生", "student"),
        ["UNIVERSITY_STUDENT"] = new("大学生", "university student"),
        ["MINOR"] = new("未入学未成年人", "minor"),
    });

    /// <summary>Groups 人员身份类别.</summary>
    public static TermTable<string> Groups { get; } = new(new Dictionary<string, Term>
    {
        ["SPECIAL_CARE_RECIPIENT"] = new("特困人员", "special-care recipient"),
        ["ORPHAN"] = new("孤儿", "orphan"),
        ["MINIMUM_LIVING_ALLOWANCE"] = new("低保对象", "minimum living allowance"),
        ["POVERTY_RELIEVED"] = new("脱贫人口", "poverty-relieved"),
        ["ALLOWANCE_EDGE"] = new("低保边缘家庭成员", "allowance edge"),
        ["IMPOVERISHED_BY_ILLNESS"] = new("因病致贫重病患者", "impoverished by illness"),
        ["DISABLED"] = new("残疾人", "disabled"),
        ["SEVERELY_DISABLED"] = new("重度残疾人", "severely disabled"),
        ["MONITORED_POOR"] = new("监测对象", "monitored poor"),
        ["ENTITLED_VETERAN_FAMILY"] = new("优抚对象", "entitled veteran family"),
    });

    /// <summary>What an out-of-area filing rests on 备案依据.</summary>
    public static TermTable<string> FilingBases { get; } = new(new Dictionary<string, Term>
    {
        ["HOUSEHOLD_REGISTER"] = new("户口簿", "household register"),
        ["PROPERTY_DEED"] = new("房产证", "property deed"),
        ["RESIDENCE_PERMIT"] = new("居住证", "residence permit"),
        ["EMPLOYER_CERTIFICATE"] = new("单位证明", "employer certificate"),
        ["GUARDIAN"] = new("监护人证明", "guardian"),
    });
}
