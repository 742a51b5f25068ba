using System.Text.Json;
using Settlement.Contract;
using Settlement.Gateway.National.Codes;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;

namespace Settlement.Gateway.National.Transactions;

/// <summary>The facts of a visit as they stand in any message that carries some.</summary>
internal sealed class ClaimFacts(GatewayOptions options)
{
    private const int MaxCode = 64;

    /// <summary>The scheme of a node.</summary>
    /// <exception cref="RefusalException">INVALID_FIELD, UNSUPPORTED_CODE.</exception>
    public static Scheme.Types.Kind Scheme(Fields node) =>
        CodeTables.InsuranceTypes.Read(node.Name("insutype"), node.Text("insutype")).Value;

    /// <summary>The scheme of a node, or unspecified where it is left out.</summary>
    public static Scheme.Types.Kind SchemeOrNone(Fields node) =>
        node.TextOrEmpty("insutype").Length == 0 ? Contract.Scheme.Types.Kind.Unspecified : Scheme(node);

    /// <summary>What a node's <c>med_type</c> says; null where it is left out.</summary>
    /// <exception cref="RefusalException">INVALID_FIELD, UNSUPPORTED_CODE.</exception>
    public MedicalType? Type(NationalRequest request, Fields node)
    {
        string code = node.TextOrEmpty("med_type");
        if (code.Length == 0) return null;
        return options.National.LocalType(request.Region, code) ?? CodeTables.MedicalTypes.Read(node.Name("med_type"), code);
    }

    /// <summary>Refuses a type that the transaction does not settle, and one that is missing.</summary>
    public static void MedicalTypeOf(string path, MedicalType? type, bool inpatient)
    {
        if (type is null) throw Check.Missing(path);
        if (type.IsInpatient != inpatient)
        {
            (string expected, string inChinese) = inpatient ? ("an inpatient type", "应为住院类医疗类别") : ("an outpatient type", "应为门诊类医疗类别");
            throw Check.Invalid(path, $"{type.Visit}", expected, inChinese);
        }
    }

    /// <summary>
    /// Reads whatever facts a node and the diagnoses beside it carry; dates are the caller's to read, because their names differ.
    /// </summary>
    public VisitFacts Read(NationalRequest request, Fields node)
    {
        VisitFacts read = new() { Scheme = SchemeOrNone(node), Disease = Disease(node), Pregnancy = Pregnancy(node) };
        if (Type(request, node) is { } type) (read.VisitType, read.Emergency, read.Referral) = (type.Visit, type.Emergency, type.Referral);
        foreach (Fields diagnosis in request.Input.RowsOrNone("diseinfo"))
        {
            string code = diagnosis.Text("diag_code");
            Check.MaxLength(diagnosis.Name("diag_code"), code, MaxCode);
            read.Diagnoses.Add(options.National.Marker(code));
        }

        return read;
    }

    private string Disease(Fields node)
    {
        string code = node.TextOrEmpty("dise_codg");
        Check.MaxLength(node.Name("dise_codg"), code, MaxCode);
        return options.National.Diseases.GetValueOrDefault(code, code);
    }

    /// <summary>The national messages have no reference of a pregnancy: it comes in 字段扩展, as an object or as its text.</summary>
    private static string Pregnancy(Fields node)
    {
        if (node.Node.TryGetProperty("exp_content", out JsonElement extension) is false) return "";
        if (extension.ValueKind == JsonValueKind.Object) return Reference(new Fields(extension, node.Name("exp_content")));
        if (extension.ValueKind != JsonValueKind.String || extension.GetString() is not { } text || !text.StartsWith('{')) return "";
        try
        {
            using JsonDocument inner = JsonDocument.Parse(text);
            return Reference(new Fields(inner.RootElement, node.Name("exp_content")));
        }
        catch (JsonException)
        {
            return ""; // a province's own text, and none of ours
        }
    }

    private static string Reference(Fields extension)
    {
        string reference = extension.TextOrEmpty("pregnancy");
        Check.MaxLength(extension.Name("pregnancy"), reference, MaxCode);
        return reference;
    }
}
