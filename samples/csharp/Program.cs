// Settles a visit through the client library. SettleAsync sends the same request again until its end is known; what it throws says what
// to do.
using Settlement.Client;
using Settlement.Contract;

using FacilityClient client = new(new SettlementClientOptions
{
    Server = new Uri(Environment.GetEnvironmentVariable("SETTLEMENT_GRPC") ?? "http://127.0.0.1:5080"),
    Key = Environment.GetEnvironmentVariable("SETTLEMENT_KEY") ?? "sandbox-hospital",
});
DateTime today = DateTime.UtcNow.AddHours(8); // in China
string requestId = $"CS-{Guid.NewGuid():N}"[..30];
SettleRequest request = new()
{
    RequestId = requestId, // written down before the first attempt
    Person = "SANDBOX-ADULT",
    VisitId = $"V-{requestId}"[..30],
    ChargeBatch = "1",
    Claim = new Claim
    {
        Region = "210100",
        Scheme = Scheme.Types.Kind.Resident,
        VisitType = Visit.Types.Type.Inpatient,
        AdmissionDate = $"{today.AddDays(-6):yyyy-MM-dd}",
        DischargeDate = $"{today.AddDays(-1):yyyy-MM-dd}",
        Totals = new Totals { Total = 4_000_000, InScope = 4_000_000 },
    },
};

try
{
    SettleResponse settled = await client.SettleAsync(request);
    Console.WriteLine($"settled {settled.Result.SettlementId}, the pooled fund pays {settled.Result.Pooled} fen");
    SettleResponse again = await client.SettleAsync(request);
    if (!again.Equals(settled)) throw new InvalidOperationException("A repeat was answered otherwise.");
    VoidResponse voided = await client.VoidAsync(new VoidRequest { RequestId = requestId, Person = request.Person });
    Console.WriteLine($"{voided.State}: {voided.Reversal.SettlementId}");
    Console.WriteLine("ok");
    return 0;
}
catch (SettlementRefusedException refused)
{
    Console.WriteLine($"refused: {refused.Failure.Code}, {refused.Failure.MessageZh}"); // tell the clerk; do not repeat
}
catch (NotDoneException later)
{
    Console.WriteLine(later.Message); // nothing was written; the same request may be sent later
}
catch (OutcomeUnknownException unknown)
{
    Console.WriteLine(unknown.Message); // keep the request id; ask or void it before the charge is settled in any other way
}

return 1;
