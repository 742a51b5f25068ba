using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>A document of the policy register that a pack cites.</summary>
/// <param name="Key">Short key by which the pack cites it.</param>
/// <param name="Number">Number of the document as it is quoted, for example 沈医保发〔2019〕139号.</param>
/// <param name="Zh">Chinese title.</param>
/// <param name="En">English title.</param>
/// <param name="Status">in-force, amended, repealed or lapsed.</param>
/// <param name="From">First day of force, where known.</param>
/// <param name="To">Last day of force, where it has ended.</param>
public sealed record PolicyDocument(string Key, string Number, string Zh, string En, DocumentStatus Status, DateOnly? From, DateOnly? To);

/// <summary>Standing of a document.</summary>
public enum DocumentStatus : byte
{
    [Name("in-force")]
    InForce = 0,
    [Name("amended")]
    Amended = 1,
    [Name("repealed")]
    Repealed = 2,
    [Name("lapsed")]
    Lapsed = 3,
}

/// <summary>Where a value stands: document and section.</summary>
public sealed record Citation(PolicyDocument Document, string Section)
{
    /// <summary>Document number and section, as a reader quotes it.</summary>
    public override string ToString() => $"{Document.Number} {Section}";
}

/// <summary>A value in the words of the pack, for one cell of the table (empty name: the only one).</summary>
public sealed record CellText(string Cell, string Text);

/// <summary>
/// A parameter's value over a range of dates, both included; <c>To</c> is open when null. No cells: unpublished in that range.
/// </summary>
public sealed record ValueEntry(
    DateOnly From, DateOnly? To, bool Unpublished, ImmutableArray<CellText> Cells, Citation Citation, string? Note, DateOnly ReviewedUntil,
    string File, int Line);

/// <summary>A parameter as a pack gives it: terms, unit and its history.</summary>
public sealed record ParameterDefinition(Parameter Id, Scheme Scheme, string Zh, string En, string Unit, ImmutableArray<ValueEntry> Values)
{
    /// <summary>Text id.</summary>
    public string Name => ParameterSchema.NameOf(Id);

    /// <summary>The entry that holds on a day, or null.</summary>
    public ValueEntry? On(DateOnly day) => Values.FirstOrDefault(v => v.From <= day && (v.To is not { } to || day <= to));
}

/// <summary>A counter as a pack declares it.</summary>
public sealed record CounterDeclaration(CounterId Id, CounterPeriod Period, string Zh, string En);

/// <summary>Over what a counter accumulates.</summary>
public enum CounterPeriod : byte
{
    [Name("year")]
    Year = 0,
    [Name("quarter")]
    Quarter = 1,
    [Name("month")]
    Month = 2,

    /// <summary>For ever, per reference: a pregnancy, a cycle.</summary>
    [Name("reference")]
    Reference = 3,
}
