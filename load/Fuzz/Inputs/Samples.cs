using Google.Protobuf;
using Google.Protobuf.Reflection;
using Settlement.Contract;

namespace Settlement.Fuzz.Inputs;

/// <summary>
/// A valid request for every operation of the contract, found by reflection: a new operation is tried without a line here.
/// </summary>
internal sealed class Samples
{
    private readonly Dictionary<string, string> known = new()
    {
        ["person"] = "P1", ["request_id"] = "r1", ["visit_id"] = "v1", ["charge_batch"] = "1", ["region"] = "210100",
        ["settlement_id"] = "S1", ["facility"] = "H1", ["code"] = "H1",
        ["birth_date"] = "1980-05-20", ["filed_on"] = "2026-03-02", ["received_on"] = "2026-03-20", ["applied_on"] = "2026-03-02",
        ["application_date"] = "2026-06-01",
        ["parameter"] = "inpatient.deductible", ["disease"] = "HYPERTENSION", ["reason"] = "test", ["language"] = "en",
        ["on"] = "2026-03-02",
    };

    private readonly Claim claim;

    /// <summary>Reads the samples of the checkout.</summary>
    public Samples(string folder)
    {
        claim = JsonParser.Default.Parse<SettleRequest>(File.ReadAllText(Path.Combine(folder, "settle.json"))).Claim;
        Registration = JsonParser.Default.Parse<RegisterRequest>(File.ReadAllText(Path.Combine(folder, "register.json")));
        Methods = [.. typeof(SettlementReflection).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(SettlementReflection).Namespace
                && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!)
            .SelectMany(file => file.Services)
            .SelectMany(service => service.Methods)
            .OrderBy(method => method.FullName, StringComparer.Ordinal)];
    }

    /// <summary>Every operation.</summary>
    public MethodDescriptor[] Methods { get; }

    /// <summary>A person to begin with.</summary>
    public RegisterRequest Registration { get; }

    /// <summary>A request that names a person the server knows.</summary>
    public IMessage Request(MethodDescriptor method, Chance chance)
    {
        IMessage message = method.InputType.Parser.ParseFrom(ByteString.Empty);
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.IsRepeated) continue;
            if (field.FieldType == FieldType.String && known.TryGetValue(field.Name, out string? text))
                field.Accessor.SetValue(message, Varied(field.Name, text, chance));
            else if (field.FieldType == FieldType.Message && field.MessageType == Claim.Descriptor)
                field.Accessor.SetValue(message, claim.Clone());
            else if (field.FieldType == FieldType.Enum) field.Accessor.SetValue(message, 1);
            else if (field.Name == "year") field.Accessor.SetValue(message, 2026);
        }

        return message;
    }

    private static string Varied(string field, string text, Chance chance) => field switch
    {
        "person" => $"P{chance.Below(10)}",
        "request_id" or "visit_id" => $"{text}-{chance.Below(1_000_000)}",
        _ => text,
    };
}
