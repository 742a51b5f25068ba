using System.Diagnostics.CodeAnalysis;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Refusals;

namespace Settlement.Gateway.National.Codes;

/// <summary>One code of a national table.</summary>
/// <typeparam name="T">What it is here.</typeparam>
/// <param name="Code">The code.</param>
/// <param name="Term">Its Chinese term.</param>
/// <param name="Ours">What it is here; null: known, and not settled here.</param>
internal sealed record CodeRow<T>(string Code, string Term, T? Ours)
    where T : class;

/// <summary>A code table of the national interface: every code it knows, and what each is here.</summary>
/// <typeparam name="T">What a code is here.</typeparam>
/// <param name="name">Name of the field that carries the code, as refusals name it.</param>
/// <param name="term">Chinese term of the field.</param>
/// <param name="rows">The table.</param>
internal sealed class CodeTable<T>(string name, string term, params CodeRow<T>[] rows)
    where T : class
{
    private readonly Dictionary<string, CodeRow<T>> byCode = rows.ToDictionary(row => row.Code);

    /// <summary>Name of the field.</summary>
    public string Name => name;

    /// <summary>Chinese term of the field.</summary>
    public string Term => term;

    /// <summary>Every row, in the table's order.</summary>
    public IReadOnlyList<CodeRow<T>> Rows => rows;

    /// <summary>What a code is here.</summary>
    /// <exception cref="RefusalException">INVALID_FIELD: no code of the table. UNSUPPORTED_CODE: known, and not settled here.</exception>
    public T Read(string path, string code)
    {
        if (!byCode.TryGetValue(code, out CodeRow<T>? row))
        {
            string known = string.Join(" ", rows.Where(each => each.Ours is not null).Select(each => $"{each.Code} {each.Term}"));
            throw Check.Invalid(path, code, $"a code of {name}: {known}", $"不是{term}的有效代码，可用：{known}");
        }

        return row.Ours ?? throw Unsupported(path, row);
    }

    /// <summary>The row of a code, or none.</summary>
    public bool TryFind(string code, [NotNullWhen(true)] out CodeRow<T>? row) => byCode.TryGetValue(code, out row);

    private RefusalException Unsupported(string path, CodeRow<T> row) => new(new RefusalInfo(
        RefusalCodes.UnsupportedCode,
        $"{path} is '{row.Code}' ({row.Term}): a code of {name} that is not settled here.",
        $"字段 {path} 的值“{row.Code}”（{row.Term}）：本系统不结算该{term}。",
        new Dictionary<string, string> { ["field"] = path, ["value"] = row.Code, ["term"] = row.Term }));
}
