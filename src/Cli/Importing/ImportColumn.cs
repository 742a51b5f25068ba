using Settlement.Cli.Docs;

namespace Settlement.Cli.Importing;

/// <summary>A column of an import file.</summary>
/// <param name="Name">Its name: that of the national interface where it has one, else the contract's.</param>
/// <param name="Titles">Chinese titles that mean the same, the usual one first.</param>
/// <param name="Fields">What the server calls the field in a refusal, without its path.</param>
internal sealed record ImportColumn(string Name, string[] Titles, params string[] Fields)
{
    /// <summary>人员编号.</summary>
    public static ImportColumn Person { get; } = National("psn_no", ["公民身份号码", "身份证号", "身份证号码"], "person");

    /// <summary>参保地医保区划; may be left out where <c>--region</c> says it for all rows.</summary>
    public static ImportColumn Region { get; } = National("insuplc_admdvs", ["参保地区划", "统筹区", "admdvs"], "region");

    /// <summary>人员类别: insured category.</summary>
    public static ImportColumn Category { get; } = National("psn_type", ["参保身份"], "category");

    /// <summary>开始时间.</summary>
    public static ImportColumn Begin { get; } = National("begntime", ["开始日期"], "from");

    /// <summary>结束时间.</summary>
    public static ImportColumn End { get; } = National("endtime", ["结束日期"], "to");

    /// <summary>A column that has a name in the national interface, and its term there.</summary>
    public static ImportColumn National(string name, string[] alsoCalled, params string[] fields) =>
        new(name, [NationalTerms.All[name], .. alsoCalled], fields);

    /// <summary>Whether a title of a file means this column.</summary>
    public bool IsCalled(string title) => Name.Equals(title, StringComparison.OrdinalIgnoreCase) || Titles.Contains(title);

    /// <summary>Name and Chinese title, as errors and help show them.</summary>
    public override string ToString() => $"{Name} ({Titles[0]})";
}
