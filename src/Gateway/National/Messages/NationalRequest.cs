using System.Globalization;
using System.Text.Json;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Refusals;

namespace Settlement.Gateway.National.Messages;

/// <summary>One message of the national interface, its envelope checked.</summary>
internal sealed record NationalRequest
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";

    /// <summary>交易编号.</summary>
    public required string Transaction { get; init; }

    /// <summary>发送方报文ID: the request id.</summary>
    public required string MessageId { get; init; }

    /// <summary>The pooling region of insurance: the prefecture of 参保地医保区划.</summary>
    public required string Region { get; init; }

    /// <summary>定点机构编号: the caller's own.</summary>
    public required string Facility { get; init; }

    /// <summary>Who sent it.</summary>
    public required Caller Caller { get; init; }

    /// <summary>输入.</summary>
    public required Fields Input { get; init; }

    /// <summary>Reads the envelope. The order of the checks is the order of their precedence.</summary>
    /// <exception cref="RefusalException">INVALID_FIELD, NOT_ALLOWED or FACILITY_FACTS_DIFFER.</exception>
    public static NationalRequest Read(JsonElement message, Caller caller)
    {
        if (message.ValueKind != JsonValueKind.Object) throw Check.Invalid("message", $"{message.ValueKind}", "an object", "报文应为JSON对象");
        Fields envelope = new(message, "message");
        string transaction = envelope.Text("infno");
        string messageId = envelope.Id("msgid");
        string facility = envelope.Id("fixmedins_code");
        if (caller.Facility is null)
            throw new RefusalException(new RefusalInfo(
                RefusalCodes.NotAllowed, "The national interface is for the keys of facilities.", "国家接口仅限定点医药机构密钥调用。"));
        FacilityFacts.Acting(caller, facility);
        string sent = envelope.Text("inf_time");
        if (!DateTime.TryParseExact(sent, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            throw Check.Invalid("message.inf_time", sent, TimeFormat, $"应为时间{TimeFormat}");
        string place = Division(envelope, "mdtrtarea_admvs");
        if (caller.Facility.Division is { } registered && registered[..4] != place[..4])
            throw new RefusalException(new RefusalInfo(
                RefusalCodes.FacilityFactsDiffer,
                $"message.mdtrtarea_admvs is '{place}', but the agency registered the facility in '{registered}'.",
                $"mdtrtarea_admvs 为“{place}”，与经办机构登记的“{registered}”不一致。",
                new Dictionary<string, string> { ["field"] = "message.mdtrtarea_admvs", ["value"] = place, ["registered"] = registered }));
        return new NationalRequest
        {
            Transaction = transaction,
            MessageId = messageId,
            // Funds are pooled by prefecture: a county's code stands for its prefecture's pool.
            Region = Division(envelope, "insuplc_admdvs")[..4] + "00",
            Facility = facility,
            Caller = caller,
            Input = envelope.Object("input"),
        };
    }

    private static string Division(Fields envelope, string field)
    {
        string code = envelope.Text(field);
        Check.Division(envelope.Name(field), code);
        return code;
    }
}
