using System.Globalization;
using System.Text.Json;
using Settlement.Contract;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Persons;

namespace Settlement.Gateway.National.Messages;

/// <summary>
/// The fields of one node of a message. A field may come as text or as number; a failure names it by its path and says the rule.
/// </summary>
/// <param name="Node">The node.</param>
/// <param name="Path">How refusals name it, for example <c>input.data</c>.</param>
internal readonly record struct Fields(JsonElement Node, string Path)
{
    private const int MaxText = 200;
    private const decimal Most = 1_000_000_000m;

    /// <summary>How refusals name a field.</summary>
    public string Name(string field) => $"{Path}.{field}";

    /// <summary>A node below this one.</summary>
    /// <exception cref="RefusalException">INVALID_FIELD: missing, or no object.</exception>
    public Fields Object(string field) =>
        Find(field) is { ValueKind: JsonValueKind.Object } node ? new Fields(node, Name(field)) : throw Shape(field, "an object", "一个对象");

    /// <summary>A node below this one, or none.</summary>
    public Fields? ObjectOrNull(string field) => Find(field) is null ? null : Object(field);

    /// <summary>The rows of a list. One row may also come as an object alone.</summary>
    /// <exception cref="RefusalException">INVALID_FIELD: missing, or no list of objects.</exception>
    public List<Fields> Rows(string field)
    {
        if (Find(field) is { ValueKind: JsonValueKind.Object } single) return [new Fields(single, Name(field))];
        if (Find(field) is not { ValueKind: JsonValueKind.Array } list) throw Shape(field, "a list of objects", "对象列表");
        List<Fields> rows = [];
        foreach (JsonElement row in list.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Object) throw Shape($"{field}[{rows.Count}]", "an object", "一个对象");
            rows.Add(new Fields(row, Name($"{field}[{rows.Count}]")));
        }

        return rows;
    }

    /// <summary>The rows of a list, or none when the field is left out.</summary>
    public List<Fields> RowsOrNone(string field) => Find(field) is null ? [] : Rows(field);

    /// <summary>A text that must be there.</summary>
    public string Text(string field) => TextOrEmpty(field) is { Length: > 0 } text ? text : throw Check.Missing(Name(field));

    /// <summary>A text; empty where it is left out.</summary>
    public string TextOrEmpty(string field)
    {
        string text = Find(field) switch
        {
            null => "",
            { ValueKind: JsonValueKind.String } value => value.GetString()!.Trim(),
            { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
            _ => throw Shape(field, "a text or a number", "文本或数字"),
        };
        Check.MaxLength(Name(field), text, MaxText);
        return text;
    }

    /// <summary>An id: 1 to 30 printable ASCII characters without blanks.</summary>
    public string Id(string field)
    {
        string id = Text(field);
        Check.Id(Name(field), id);
        return id;
    }

    /// <summary>The person (<c>psn_no</c>); a refusal masks the value.</summary>
    public string Person()
    {
        string person = Text("psn_no");
        if (PersonId.Fault(person) is { } fault)
            throw Check.Invalid(Name("psn_no"), PersonId.Mask(person), $"a person id, and it {fault}", "人员编号不符合规则");
        return person;
    }

    /// <summary>An amount in fen.</summary>
    public long Fen(string field) => FenOrNull(field) ?? throw Check.Missing(Name(field));

    /// <summary>An amount in fen, or null where it is left out.</summary>
    public long? FenOrNull(string field) =>
        TextOrEmpty(field) is not { Length: > 0 } text ? null
        : Yuan.TryParse(text, out long fen) ? fen
        : throw Check.Invalid(Name(field), text, "yuan with at most two decimals, not negative", "应为非负金额，单位元，最多两位小数");

    /// <summary>A number that is no money, not negative, or null where it is left out.</summary>
    public decimal? NumberOrNull(string field, int decimals) =>
        TextOrEmpty(field) is not { Length: > 0 } text ? null
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number == decimal.Round(number, decimals) && number < Most
            ? number
            : throw Check.Invalid(
                Name(field), text, $"a number below {Most} with at most {decimals} decimals, not negative", $"应为非负数，最多{decimals}位小数");

    /// <summary>A day, from <c>yyyy-MM-dd</c> or <c>yyyy-MM-dd HH:mm:ss</c>; empty where it is left out.</summary>
    public string DayOrEmpty(string field)
    {
        string text = TextOrEmpty(field);
        if (text.Length == 0) return "";
        bool timed = text.Length > 10;
        if (timed && !DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            throw Check.Invalid(Name(field), text, "yyyy-MM-dd, or yyyy-MM-dd HH:mm:ss", "应为日期yyyy-MM-dd，或时间yyyy-MM-dd HH:mm:ss");
        string day = timed ? text[..10] : text;
        Check.Date(Name(field), day);
        return day;
    }

    /// <summary>A day that must be there.</summary>
    public string Day(string field) => DayOrEmpty(field) is { Length: > 0 } day ? day : throw Check.Missing(Name(field));

    private JsonElement? Find(string field) =>
        Node.ValueKind == JsonValueKind.Object && Node.TryGetProperty(field, out JsonElement value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            && !(value.ValueKind == JsonValueKind.String && value.ValueEquals(""))
            ? value
            : null;

    private RefusalException Shape(string field, string rule, string ruleZh) =>
        Find(field) is { } there ? Check.Invalid(Name(field), $"{there.ValueKind}", rule, $"应为{ruleZh}") : Check.Missing(Name(field));
}
