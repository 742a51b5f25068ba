using System.Globalization;
using Settlement.Cli.Cases;
using Settlement.Contract;
using Settlement.Persons;
using Settlement.Terms;

namespace Settlement.Cli.Importing;

/// <summary>One row of an import file, read by column. What a cell must not be is thrown as <see cref="RowRefusedException"/>.</summary>
/// <param name="head">The file's head.</param>
/// <param name="cells">The row.</param>
/// <param name="region">Region of rows that name none; empty: they must.</param>
internal sealed class ImportRow(ImportHead head, string[] cells, string region)
{
    private const int MaxId = 30;

    // Spreadsheets write days in the way of the land; with these three nothing is ambiguous.
    private static readonly string[] DayForms = ["yyyy/M/d", "yyyyMMdd"];

    /// <summary>Whether the column is there and the cell is not empty.</summary>
    public bool Has(ImportColumn column) => Optional(column).Length > 0;

    /// <summary>The cell without blanks around it; empty where the file does not have the column.</summary>
    public string Optional(ImportColumn column) => head.PositionOf(column) is >= 0 and int at ? cells[at].Trim() : "";

    /// <summary>The cell, which must not be empty.</summary>
    public string Text(ImportColumn column) => Optional(column) is { Length: > 0 } text ? text : throw RowRefusedException.Missing(column);

    /// <summary>The person.</summary>
    public string Person()
    {
        string person = Text(ImportColumn.Person);
        if (PersonId.Fault(person) is not { } fault) return person;
        Term rule = new("人员编号不符合规则（含校验码）", $"the person id {fault}");
        throw RowRefusedException.Invalid(ImportColumn.Person, PersonId.Mask(person), rule);
    }

    /// <summary>The person's pooling region.</summary>
    public string Region() => Has(ImportColumn.Region) || region.Length == 0 ? Division(ImportColumn.Region) : region;

    /// <summary>A division code.</summary>
    public string Division(ImportColumn column)
    {
        string code = Text(column);
        return IsDivision(code)
            ? code
            : throw RowRefusedException.Invalid(column, code, new Term("应为六位行政区划代码", "a division code of six digits"));
    }

    /// <summary>Whether a text is a division code.</summary>
    public static bool IsDivision(string code) => code.Length == 6 && !code.AsSpan().ContainsAnyExceptInRange('0', '9');

    /// <summary>An id that the agency gave.</summary>
    public string Id(ImportColumn column)
    {
        string id = Text(column);
        return id.Length <= MaxId && !id.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? id
            : throw RowRefusedException.Invalid(
                column, id, new Term($"最多{MaxId}个可打印的ASCII字符，不含空格", $"at most {MaxId} printable ASCII characters without blanks"));
    }

    /// <summary>A year.</summary>
    public int Year(ImportColumn column)
    {
        string year = Text(column);
        return year.Length == 4 && int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw RowRefusedException.Invalid(column, year, new Term("应为四位年度", "a year of four digits"));
    }

    /// <summary>A day, as the contract writes it.</summary>
    /// <param name="column">Where it stands.</param>
    /// <param name="isPersonal">Whether a message must not show it.</param>
    public string Day(ImportColumn column, bool isPersonal = false)
    {
        string text = Text(column);
        return IsoDay.TryParse(text, out DateOnly day)
            || DateOnly.TryParseExact(text, DayForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
            ? WireClaim.Day(day)
            : throw RowRefusedException.Invalid(
                column, isPersonal ? "****" : text, new Term("应为日期，格式YYYY-MM-DD", "a calendar day as YYYY-MM-DD, YYYY/M/D or YYYYMMDD"));
    }

    /// <summary>A number, not negative.</summary>
    /// <param name="column">Where it stands.</param>
    /// <param name="decimals">Most decimals.</param>
    /// <param name="most">The largest.</param>
    public decimal Number(ImportColumn column, int decimals, decimal most)
    {
        string text = Text(column);
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number == decimal.Round(number, decimals) && number <= most
            ? number
            : throw RowRefusedException.Invalid(
                column, text, new Term($"应为0至{most}之间的数，最多{decimals}位小数", $"a number from 0 to {most} with at most {decimals} decimals"));
    }

    /// <summary>A day, or nothing where the cell is empty.</summary>
    public string DayOrNone(ImportColumn column) => Has(column) ? Day(column) : "";

    /// <summary>A value of the contract, by its name there or its Chinese word.</summary>
    /// <param name="column">Where it stands.</param>
    /// <param name="words">Words of the values by name.</param>
    public T Value<T>(ImportColumn column, TermTable<string> words)
        where T : struct, Enum
    {
        string text = Text(column);
        string? name = words.Keys.FirstOrDefault(each => each == text || words.Of(each, "zh") == text);
        if (name is not null) return WireClaim.Named<T>(name);
        string known = string.Join(", ", words.Keys.Order(StringComparer.Ordinal).Select(each => $"{each} {words.Of(each, "zh")}"));
        throw RowRefusedException.Invalid(column, text, new Term($"可用的值：{known}", $"one of {known}"));
    }
}
