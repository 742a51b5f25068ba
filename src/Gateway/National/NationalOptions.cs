using Settlement.Contract;
using Settlement.Gateway.National.Codes;
using Type = Settlement.Contract.Visit.Types.Type;

namespace Settlement.Gateway.National;

/// <summary>What a city adds to the national interface's codes, section <c>Gateway:National</c>.</summary>
public sealed class NationalOptions
{
    private static readonly Type[] Inpatient = [Type.Inpatient, Type.Delivery, Type.FamilyPlanning];

    /// <summary>
    /// Local codes of 医疗类别, by pooling region and code: <c>LocalMedTypes:210100:9901</c> = <c>TWO_DISEASE</c>. The same code means other
    /// things in other
    /// provinces, so there is no table that holds for all.
    /// </summary>
    public Dictionary<string, Dictionary<string, string>> LocalMedTypes { get; set; } = [];

    /// <summary>
    /// Diseases of 门诊慢特病 and 门诊两病 by 病种编码: <c>Diseases:M03900</c> = <c>HYPERTENSION</c>. This product's own names need no entry.
    /// </summary>
    public Dictionary<string, string> Diseases { get; set; } = [];

    /// <summary>
    /// Diagnosis markers of the contract by ICD-10 code, whole or without what follows its point: <c>Diagnoses:I21</c> =
    /// <c>LISTED_CRITICAL_DISEASE</c>. Which
    /// codes a city's lists hold is the agency's to say. A code without an entry has no effect on the amounts.
    /// </summary>
    public Dictionary<string, string> Diagnoses { get; set; } = [];

    /// <summary>
    /// Header in which hospital systems send their key, where they cannot send <c>Authorization: Bearer</c>: the access-key header of
    /// the province's service bus.
    /// Empty: none.
    /// </summary>
    public string KeyHeader { get; set; } = "";

    /// <summary>Checks every entry.</summary>
    /// <exception cref="InvalidOperationException">An entry is wrong; the message names it and its value.</exception>
    public void Validate()
    {
        foreach ((string region, Dictionary<string, string> codes) in LocalMedTypes)
        {
            foreach ((string code, string name) in codes)
            {
                if (CodeTables.MedicalTypes.TryFind(code, out _))
                    throw new InvalidOperationException(
                        $"Gateway:National:LocalMedTypes:{region}:{code}: {code} is a code of the national core.");
                if (VisitType(name) is null)
                    {
                    throw new InvalidOperationException(
                        $"Gateway:National:LocalMedTypes:{region}:{code} is '{name}': expected a visit type, for example TWO_DISEASE.");
                }
            }
        }
    }

    /// <summary>What a local code is in a region, or null.</summary>
    internal MedicalType? LocalType(string region, string code) =>
        LocalMedTypes.TryGetValue(region, out Dictionary<string, string>? codes) && codes.TryGetValue(code, out string? name)
            && VisitType(name) is { } type
            ? new MedicalType(type, Inpatient.Contains(type))
            : null;

    /// <summary>The marker of a diagnosis, or the code itself.</summary>
    internal string Marker(string code) =>
        Diagnoses.TryGetValue(code, out string? marker) || Diagnoses.TryGetValue(code.Split('.')[0], out marker) ? marker : code;

    private static Type? VisitType(string name) =>
        Visit.Descriptor.EnumTypes.Single().FindValueByName(name) is { Number: > 0 } value ? (Type)value.Number : null;
}
