using Settlement.Policy;
using Settlement.Refusals;
using Wire = Settlement.Contract;

namespace Settlement.Mapping;

/// <summary>Packs, parameters and the lint's report, as the contract shows them.</summary>
internal static class PolicyMapping
{
    /// <summary>A pack and the documents it cites, with their standing by the register.</summary>
    public static Wire.PolicyPack ToWire(Pack pack, PolicyRegister register)
    {
        Wire.PolicyPack wire = new()
        {
            Name = pack.Name,
            Region = ClaimMapping.Division(pack.Region),
            NameZh = pack.Zh,
            NameEn = pack.En,
            Version = pack.Version,
            Policy = pack.Label,
            InForceFrom = Dates.Text(pack.InForceFrom),
        };
        wire.Schemes.AddRange(pack.Schemes.Select(ClaimMapping.ToWire));
        wire.Documents.AddRange(pack.Documents.Values.OrderBy(document => document.Number, StringComparer.Ordinal)
            .Select(document => ToWire(document, register)));
        return wire;
    }

    /// <summary>A parameter on a day.</summary>
    public static Wire.GetParameterResponse ToWire(ParameterDefinition definition, Pack pack, DateOnly on, PolicyRegister register)
    {
        Wire.GetParameterResponse answer = new()
        {
            Parameter = definition.Name,
            NameZh = definition.Zh,
            NameEn = definition.En,
            Unit = definition.Unit,
            On = Dates.Text(on),
        };
        if (on >= pack.InForceFrom && definition.On(on) is { } value) answer.Value = ToWire(value, register);
        answer.History.AddRange(definition.Values.Select(entry => ToWire(entry, register)));
        return answer;
    }

    /// <summary>The lint's report.</summary>
    public static Wire.LintResponse ToWire(LintReport report)
    {
        Wire.LintResponse answer = new() { On = Dates.Text(report.On), Failed = report.Failed };
        answer.Rows.AddRange(report.Rows.Select(ToWire));
        answer.Findings.AddRange(report.Findings.Select(finding => new Wire.Finding
        {
            Error = finding.Severity == Severity.Error,
            Place = finding.Place,
            Message = finding.Message,
        }));
        return answer;
    }

    /// <summary>There is no parameter of that name.</summary>
    public static RefusalInfo UnknownParameter(string name) => new(
        RefusalCodes.InvalidField,
        $"parameter is '{name}': expected the name of a parameter, such as inpatient.deductible.",
        $"字段 parameter 的值“{name}”无效：没有此参数。",
        new Dictionary<string, string> { ["field"] = "parameter", ["value"] = name, ["rule"] = "the name of a parameter" });

    private static Wire.ParameterValue ToWire(ValueEntry entry, PolicyRegister register)
    {
        Wire.ParameterValue value = new()
        {
            From = Dates.Text(entry.From),
            To = Dates.Text(entry.To),
            Unpublished = entry.Unpublished,
            Document = ToWire(entry.Citation.Document, register),
            Section = entry.Citation.Section,
            Note = entry.Note ?? "",
            ReviewedUntil = Dates.Text(entry.ReviewedUntil),
        };
        value.Cells.AddRange(entry.Cells.Select(cell => new Wire.Cell { Cell_ = cell.Cell, Value = cell.Text }));
        return value;
    }

    /// <summary>The register knows more of a document than the pack that cites it.</summary>
    private static Wire.Document ToWire(PolicyDocument document, PolicyRegister register)
    {
        RegisteredDocument? known = register.Find(document.Number);
        return new Wire.Document
        {
            Number = document.Number,
            TitleZh = document.Zh,
            TitleEn = document.En,
            Status = Wire.Document.Types.Status.InForce + (int)(known?.Status ?? document.Status),
            From = Dates.Text(known?.From ?? document.From),
            To = Dates.Text(known?.To ?? document.To),
        };
    }

    private static Wire.Conformance ToWire(ConformanceRow row) => new()
    {
        Pack = row.Pack,
        Scheme = ClaimMapping.ToWire(row.Floor.Scheme),
        RequirementZh = row.Floor.Zh,
        RequirementEn = row.Floor.En,
        Parameter = row.Parameter == Parameter.None ? "" : ParameterSchema.NameOf(row.Parameter),
        PackValue = row.PackValue,
        FloorValue = row.FloorValue,
        Verdict = Wire.Conformance.Types.Verdict.Conforms + (int)row.Verdict,
        Citation = row.Citation?.ToString() ?? "",
        FloorCitation = row.FloorCitation,
    };
}
