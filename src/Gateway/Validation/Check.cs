using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Settlement.Contract;
using Settlement.Gateway.Refusals;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Gateway.Validation;

/// <summary>Checks of single fields. Each failure is INVALID_FIELD naming field, value (masked if personal) and rule.</summary>
internal static class Check
{
    /// <summary>Longest request, visit and batch id (the national interface's C30).</summary>
    private const int MaxId = 30;

    /// <summary>Longest request id of the ledger.</summary>
    private const int MaxKnownRequestId = 64;

    // What the rules and the ledger can hold; a year beyond it is a slip of the pen.
    private const int FirstYear = 1900;
    private const int LastYear = 2200;

    public static void Person(string person)
    {
        if (PersonId.Fault(person) is { } fault) throw Invalid("person", PersonId.Mask(person), $"the person id {fault}", "人员编号不符合规则");
    }

    /// <summary>An id the caller gave: 1 to 30 printable ASCII characters without blanks.</summary>
    public static void Id(string field, string value) => Id(field, value, MaxId);

    /// <summary>
    /// A request id that is asked about: the caller's own, or the longer one that the cluster gave to an entry of a correction.
    /// </summary>
    public static void KnownRequestId(string field, string value) => Id(field, value, MaxKnownRequestId);

    /// <summary>A text for people, of one character or more.</summary>
    public static void Text(string field, string value, int most)
    {
        if (string.IsNullOrWhiteSpace(value)) throw Missing(field);
        // What is written there may name a person: the message tells its length only.
        if (value.Length > most) throw Invalid(field, $"{value.Length} characters", $"at most {most} characters", $"最多{most}个字符");
    }

    private static void Id(string field, string value, int most)
    {
        if (value.Length == 0) throw Missing(field);
        if (value.Length > most) throw Invalid(field, value, $"at most {most} characters", $"最多{most}个字符");
        foreach (char c in value)
        {
            if (c is <= ' ' or > '~') throw Invalid(field, value, "printable ASCII characters without blanks", "只能使用可打印的ASCII字符，不含空格");
        }
    }

    public static void Present<T>(string field, [NotNull] T? value)
        where T : class
    {
        if (value is null) throw Missing(field);
    }

    public static void Known<T>(string field, T value)
        where T : struct, Enum
    {
        int number = (int)(object)value;
        if (number == 0) throw Missing(field);
        KnownOrAbsent(field, value);
    }

    public static void KnownOrAbsent<T>(string field, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw Invalid(field, value.ToString(), "a value of the contract", "不是接口规定的取值");
    }

    public static DateOnly Date(string field, string value)
    {
        if (value.Length == 0) throw Missing(field);
        return IsoDay.TryParse(value, out DateOnly date)
            && date.Year is >= FirstYear and <= LastYear
            ? date
            : throw Invalid(
                field, value, $"a calendar day of {FirstYear} to {LastYear} as YYYY-MM-DD", $"应为{FirstYear}至{LastYear}年间的日期，格式YYYY-MM-DD");
    }

    public static void DateOrAbsent(string field, string value)
    {
        if (value.Length > 0) Date(field, value);
    }

    /// <summary>A language texts are given in, or none.</summary>
    public static void Language(string field, string value)
    {
        if (value is not ("" or "zh" or "en")) throw Invalid(field, value, "zh, en or nothing", "应为zh、en或空");
    }

    /// <summary>A division code: six digits.</summary>
    public static void Division(string field, string value)
    {
        if (value.Length == 0) throw Missing(field);
        if (value.Length != 6 || value.AsSpan().ContainsAnyExceptInRange('0', '9'))
            throw Invalid(field, value, "a division code of six digits", "应为六位行政区划代码");
    }

    public static void Year(string field, int value)
    {
        if (value is < 2000 or > 2100)
            throw Invalid(field, value.ToString(CultureInfo.InvariantCulture), "a year from 2000 to 2100", "年度超出范围");
    }

    public static void Between(string field, long value, long least, long most)
    {
        if (value < least || value > most)
            throw Invalid(field, value.ToString(CultureInfo.InvariantCulture), $"a number from {least} to {most}", $"应在{least}至{most}之间");
    }

    public static void AtMost(string field, int value, int most)
    {
        if (value > most) throw Invalid(field, value.ToString(CultureInfo.InvariantCulture), $"at most {most}", $"不得超过{most}");
    }

    public static void MaxLength(string field, string value, int most)
    {
        if (value.Length > most) throw Invalid(field, value[..16] + "...", $"at most {most} characters", $"最多{most}个字符");
    }

    public static RefusalException Invalid(string field, string value, string rule, string ruleZh) => new(new RefusalInfo(
        RefusalCodes.InvalidField,
        $"{field} is '{value}': expected {rule}.",
        $"字段 {field} 的值“{value}”无效：{ruleZh}。",
        new Dictionary<string, string> { ["field"] = field, ["value"] = value, ["rule"] = rule }));

    public static RefusalException Missing(string field) => new(new RefusalInfo(
        RefusalCodes.InvalidField,
        $"{field} is missing.",
        $"缺少字段 {field}。",
        new Dictionary<string, string> { ["field"] = field, ["rule"] = "required" }));
}
