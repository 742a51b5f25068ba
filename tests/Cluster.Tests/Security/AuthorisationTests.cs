using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Identity;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Cluster.Tests.Security;

/// <summary>
/// Who may do what: each operation of the contract, for each caller, naming its own and another facility, for a person treated by it and
/// one who was not, over gRPC and over JSON. An operation without a row fails, so a new one cannot be forgotten.
/// </summary>
public sealed class AuthorisationTests : IAsyncLifetime, IDisposable
{
    private const string Own = "H-OWN";
    private const string Other = "H-OTHER";
    private const string Ok = "";
    private const string NotAllowed = "NOT_ALLOWED";
    private const string NotFound = "NOT_FOUND";
    private const string Unauthenticated = "UNAUTHENTICATED";
    private const string Day = "2026-03-10";
    private const Scope AnyKey = Scope.None;

    // What a facility is answered, and the agency, for: own facility and person, other person, other facility, other facility and person.
    // Where a request names no facility, the last two repeat the first two.
    private static readonly string[] Everywhere = [Ok, Ok, Ok, Ok];
    private static readonly string[] OwnFacility = [Ok, Ok, NotAllowed, NotAllowed];
    private static readonly string[] OwnPerson = [Ok, NotFound, Ok, NotFound];
    private static readonly string[] WhereSettled = [Ok, NotAllowed, NotAllowed, Ok];
    private static readonly string[] OwnOfBoth = [Ok, NotAllowed, NotAllowed, NotAllowed];
    private static readonly string[] Never = [NotAllowed, NotAllowed, NotAllowed, NotAllowed];

    private static readonly Row[] Table =
    [
        new("Settlement/Quote", Scope.Settle | Scope.Read, OwnFacility, Everywhere, at =>
            new QuoteRequest { Person = at.Person, Claim = at.Claim }),
        new("Settlement/Settle", Scope.Settle, OwnFacility, Everywhere, at => at.Settle()),
        new("Settlement/SettleMany", Scope.Settle, OwnFacility, Everywhere, at => at.Settle()),
        new("Settlement/Reverse", Scope.Settle, OwnOfBoth, WhereSettled, at =>
            new ReverseRequest { RequestId = at.NewId, SettlementId = at.Settlement, Facility = at.Facility }, Fresh: true),
        new("Settlement/GetSettlement", Scope.Read, OwnPerson, Everywhere, at => new GetSettlementRequest { SettlementId = at.Settlement }),
        new("Settlement/GetByRequest", Scope.Settle | Scope.Read, OwnFacility, Everywhere, at =>
            new GetByRequestRequest { RequestId = "first", Facility = at.Facility, Person = at.Person }),
        new("Settlement/ListSettlements", Scope.Read, OwnFacility, Everywhere, at =>
            new ListSettlementsRequest { Person = at.Person, Facility = at.Facility }),
        new("Settlement/GetAccount", Scope.Read, Everywhere, Everywhere, at => new GetAccountRequest { Person = at.Person }),
        new("Settlement/GetLimits", Scope.Read, Everywhere, Everywhere, at =>
            new GetLimitsRequest { Person = at.Person, Region = Requests.Shenyang }),
        new("Settlement/CheckDeposit", Scope.Settle | Scope.Read, OwnFacility, Everywhere, at =>
            new CheckDepositRequest { Person = at.Person, Claim = at.Claim }),
        new("Settlement/Ping", AnyKey, Everywhere, Everywhere, _ => new PingRequest()),
        new("Settlement/Void", Scope.Settle, OwnFacility, Everywhere, at =>
            new VoidRequest { RequestId = at.NewId, Person = at.Person, Facility = at.Facility }),
        new("Reconciliation/GetTotals", Scope.Reconcile, OwnFacility, Everywhere, at =>
            new GetTotalsRequest { Facility = at.Facility, From = Day, To = Day }),
        new("Reconciliation/CompareTotals", Scope.Reconcile, OwnFacility, Everywhere, at =>
            new CompareTotalsRequest { Facility = at.Facility, From = Day, To = Day, Totals = new() }, Rules: true),
        new("Reconciliation/ListDetails", Scope.Reconcile, OwnFacility, Everywhere, at =>
            new ListDetailsRequest { Facility = at.Facility, From = Day, To = Day }),
        new("Reconciliation/CompareDetails", Scope.Reconcile, OwnFacility, Everywhere, at =>
            new CompareDetailsRequest { Header = new() { Facility = at.Facility, From = Day, To = Day } }),
        new("Reconciliation/GetMonthStatement", Scope.Reconcile, OwnFacility, Everywhere, at =>
            new GetMonthStatementRequest { Facility = at.Facility, Month = "2026-03" }),
        new("Reconciliation/ListMonthStatements", Scope.Reconcile, Never, Everywhere, _ =>
            new ListMonthStatementsRequest { Month = "2026-03" }),
        new("Feed/Follow", Scope.Feed, OwnFacility, Everywhere, at => new FollowRequest { Facility = at.Facility, Once = true }),
        new("Enrolment/Register", Scope.Agency, Never, Everywhere, at => Requests.Register($"NEW-{at.Person}")),
        new("Enrolment/Record", Scope.Agency, Never, Everywhere, at => at.Record()),
        new("Enrolment/GetCoverage", Scope.Read, Everywhere, Everywhere, at =>
            new GetCoverageRequest { Person = at.Person, Region = Requests.Shenyang, Year = 2026 }),
        new("Agency/Reimburse", Scope.Agency, Never, Everywhere, at => at.Reimburse()),
        new("Agency/AssistLater", Scope.Agency, Never, Everywhere, at =>
            new AssistLaterRequest { RequestId = $"a-{at.Person}", SettlementId = at.Assistable }, Rules: true),
        new("Agency/GrantForIllness", Scope.Agency, Never, Everywhere, at =>
            new GrantForIllnessRequest { RequestId = $"g-{at.Person}", Person = at.Person, Region = Requests.Shenyang,
            ApplicationDate = "2026-06-01" }, Rules: true),
        new("Agency/Correct", Scope.Agency, Never, Everywhere, at =>
            new CorrectRequest { RequestId = at.NewId, SettlementId = at.Assistable, TakeBack = true, Preview = true, Reason = "test" },
            Rules: true),
        new("Policies/ListPacks", AnyKey, Everywhere, Everywhere, _ => new ListPacksRequest()),
        new("Policies/ListParameters", AnyKey, Everywhere, Everywhere, _ => new ListParametersRequest { Region = Requests.Shenyang }),
        new("Policies/GetParameter", AnyKey, Everywhere, Everywhere, _ =>
            new GetParameterRequest { Region = Requests.Shenyang, Parameter = "inpatient.deductible" }),
        new("Policies/GetDueDate", AnyKey, Everywhere, Everywhere, _ =>
            new GetDueDateRequest { Region = Requests.Shenyang, Matter = Service.Types.Matter.OutpatientReimbursement,
            ReceivedOn = "2026-03-02" }, Rules: true),
        new("Policies/CheckContract", AnyKey, Everywhere, Everywhere, _ =>
            new CheckContractRequest { Region = Requests.Shenyang, Applicant = (FacilityContract.Types.Applicant)1,
            AppliedOn = "2026-03-02" }, Rules: true),
        new("Policies/Lint", AnyKey, Everywhere, Everywhere, _ => new LintRequest()),
        new("Policies/GetContribution", AnyKey, Everywhere, Everywhere, _ =>
            new GetContributionRequest { Region = Requests.Shenyang, InsuredCategory = Insured.Types.Category.Adult }, Rules: true),
        new("Policies/GetEmployeeContribution", AnyKey, Everywhere, Everywhere, _ =>
            new GetEmployeeContributionRequest { Region = Requests.Shenyang, MonthlyWage = 500_000, AverageWage = 500_000 }, Rules: true),
        new("Policies/GetCertificationStart", AnyKey, Everywhere, Everywhere, _ =>
            new GetCertificationStartRequest { Region = Requests.Shenyang, Disease = "HYPERTENSION", FiledOn = "2026-03-02" }, Rules: true),
        new("Catalogue/RecordCatalogueRow", Scope.Agency, Never, Everywhere, _ => new RecordCatalogueRowRequest
        {
            Row = new() { Code = "C1", From = "2026-01-01", Share = new() { Region = Requests.Shenyang, SelfPayBp = 1_000 } },
        }),
        new("Catalogue/ListCatalogueVersions", Scope.Settle | Scope.Read, Everywhere, Everywhere, _ =>
            new ListCatalogueVersionsRequest { Code = "C1" }),
        // Last, because what is registered of a facility binds its later claims; and in this order: what is changed and read is registered.
        new("Facilities/RegisterFacility", Scope.Agency, Never, Everywhere, at =>
            new RegisterFacilityRequest { Facility = Requests.Hospital(at.Facility) }),
        new("Facilities/ChangeFacility", Scope.Agency, Never, Everywhere, at =>
            new ChangeFacilityRequest { Facility = Requests.Hospital(at.Facility) }, Rules: true),
        new("Facilities/GetFacility", Scope.Settle | Scope.Read, OwnFacility, Everywhere, at =>
            new GetFacilityRequest { Facility = at.Facility }),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("settlement-auth-").FullName;
    private readonly Dictionary<string, Metadata> callers = [];
    private TestSilo silo = null!;
    private CallInvoker invoker = null!;
    private HttpClient http = null!;
    private int ids;

    public async Task InitializeAsync()
    {
        RegisteredFacility facility = new() { Code = Own };
        KeyFile file = new();
        Add("facility", Role.Facility);
        Add("facility, settle only", Role.Facility, Scope.Settle);
        Add("facility, read only", Role.Facility, Scope.Read);
        Add("facility, reconcile only", Role.Facility, Scope.Reconcile);
        Add("facility, feed only", Role.Facility, Scope.Feed);
        Add("facility, expired", Role.Facility, null, DateTimeOffset.UtcNow.AddDays(-1));
        Add("agency", Role.Agency);
        Add("agency, read only", Role.Agency, Scope.Read);
        Add("agency, feed only", Role.Agency, Scope.Feed);
        callers["nobody"] = [];
        callers["wrong key"] = new Metadata { { "authorization", "Bearer sk_0_0" } };
        string path = Path.Combine(folder, "keys.json");
        file.Write(path);
        silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={path}"]);
        invoker = silo.Channel().CreateCallInvoker();
        http = new HttpClient { BaseAddress = new Uri(silo.HttpAddress) };

        void Add(string name, Role role, Scope? scope = null, DateTimeOffset? ends = null)
        {
            (string text, file) = file.Add(role, role == Role.Facility ? facility : null, DateTimeOffset.UnixEpoch, scope is { } one
                ? [one]
                : null, ends);
            callers[name] = new Metadata { { "authorization", $"Bearer {text}" } };
        }
    }

    public async Task DisposeAsync()
    {
        await silo.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public void Dispose() => http.Dispose();

    [Fact]
    public void Every_operation_of_the_contract_has_its_row() =>
        Assert.Equal(Operations().Select(method => $"{method.Service.Name}/{method.Name}").Order(), Table.Select(row => row.Operation)
            .Order());

    [Fact]
    public async Task Every_caller_is_answered_as_the_table_says()
    {
        Place[] places = [
            .. await Task.WhenAll(
            PlaceAsync(Own, "P-OWN", Own), PlaceAsync(Own, "P-OTHER", Other), PlaceAsync(Other, "P-OWN", Own),
            PlaceAsync(Other, "P-OTHER", Other))];
        List<string> wrong = [];
        int asked = 0;
        foreach (Row row in Table)
        {
            MethodDescriptor method = Operations().Single(one => $"{one.Service.Name}/{one.Name}" == row.Operation);
            foreach ((string caller, Metadata headers) in callers)
            {
                for (int cell = 0; cell < (row.AnyOf == AnyKey ? 1 : places.Length); cell++)
                {
                    string expected = row.Expected(caller, cell);
                    foreach (bool json in method.IsClientStreaming || method.IsServerStreaming ? new[] { false } : [false, true])
                    {
                        Place place = places[cell] with { NewId = $"n{++ids}" };
                        if (row.Fresh) place = place with { Settlement = await SettleAsync(place, $"s{ids}") };
                        IMessage request = row.Request(place);
                        string answer = json
                            ? await OverJsonAsync(row.Operation, request, headers)
                            : await OverGrpcAsync(method, request, headers);
                        // What the rules say of a request that was let in is their affair.
                        bool asExpected = answer == expected
                            || (expected == Ok && row.Rules && answer is not (NotAllowed or NotFound or Unauthenticated));
                        if (!asExpected)
                            wrong.Add($"{row.Operation}, {caller}, cell {cell}, {(json ? "JSON" : "gRPC")}: expected '{expected}', was '{answer}'");
                        asked++;
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(asked > 1000, $"only {asked} were asked");
    }

    private static IEnumerable<MethodDescriptor> Operations() => typeof(SettlementReflection).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(SettlementReflection).Namespace
            && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
        .Select(type => (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!)
        .SelectMany(file => file.Services)
        .SelectMany(service => service.Methods);

    // Two persons, each with one settlement at one facility of which assistance was withheld.
    private async Task<Place> PlaceAsync(string facility, string person, string settledAt)
    {
        Metadata agency = callers["agency"];
        await silo.Enrolment.RegisterAsync(
            Requests.Register(
                person, Requests.Group(Membership.Types.Group.Orphan), Requests.Group(Membership.Types.Group.ImpoverishedByIllness)),
                agency);
        Claim claim = Requests.Inpatient(4_000_000, settledAt);
        claim.Facility.AssistanceDesignated = false;
        SettleResponse first = await silo.Settlement.SettleAsync(
            new SettleRequest { RequestId = "first", Person = person, VisitId = $"v-{person}", ChargeBatch = "1", Claim = claim }, agency);
        return new Place(facility, person, settledAt, "", first.Result.SettlementId, first.Result.SettlementId);
    }

    private async Task<string> SettleAsync(Place place, string id) => (await silo.Settlement.SettleAsync(
        Requests.Settle(place.Person, id, Requests.Inpatient(100_000, place.SettledAt)), callers["agency"])).Result.SettlementId;

    private async Task<string> OverGrpcAsync(MethodDescriptor method, IMessage request, Metadata headers)
    {
        Method<IMessage, IMessage> call = new(
            method.IsClientStreaming ? MethodType.DuplexStreaming : method.IsServerStreaming
                ? MethodType.ServerStreaming
                : MethodType.Unary,
            method.Service.FullName,
            method.Name,
            Marshallers.Create<IMessage>(MessageExtensions.ToByteArray, bytes => method.InputType.Parser.ParseFrom(bytes)),
            Marshallers.Create<IMessage>(MessageExtensions.ToByteArray, bytes => method.OutputType.Parser.ParseFrom(bytes)));
        try
        {
            if (method.IsServerStreaming && !method.IsClientStreaming)
            {
                using AsyncServerStreamingCall<IMessage> answers = invoker.AsyncServerStreamingCall(
                    call, null, new CallOptions(headers), request);
                while (await answers.ResponseStream.MoveNext(CancellationToken.None))
                {
                    // What is in the list is the affair of other tests.
                }

                return Ok;
            }

            if (!method.IsClientStreaming)
            {
                await invoker.AsyncUnaryCall(call, null, new CallOptions(headers), request);
                return Ok;
            }

            using AsyncDuplexStreamingCall<IMessage, IMessage> stream =
                invoker.AsyncDuplexStreamingCall(call, null, new CallOptions(headers));
            try
            {
                await stream.RequestStream.WriteAsync(request);
                await stream.RequestStream.CompleteAsync();
            }
            catch (Exception early) when (early is RpcException or InvalidOperationException)
            {
                // Refused before the request was read: reading tells why.
            }

            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
            return (stream.ResponseStream.Current as SettleManyResponse)?.Refusal?.Code ?? Ok;
        }
        catch (RpcException error)
        {
            return error.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason ?? $"{error.StatusCode} without reason";
        }
    }

    private async Task<string> OverJsonAsync(string operation, IMessage request, Metadata headers)
    {
        using HttpRequestMessage post = new(HttpMethod.Post, $"/v1/{operation}")
        {
            Content = new StringContent(JsonFormatter.Default.Format(request), Encoding.UTF8, "application/json"),
        };
        if (headers.GetValue("authorization") is { } key) post.Headers.Add("Authorization", key);
        using HttpResponseMessage answer = await http.SendAsync(post);
        if (answer.StatusCode == HttpStatusCode.OK) return Ok;
        using JsonDocument status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return status.RootElement.GetProperty("details")[0].GetProperty("reason").GetString()!;
    }

    private sealed record Row(
        string Operation, Scope AnyOf, string[] Facility, string[] Agency, Func<Place, IMessage> Request, bool Fresh = false,
            bool Rules = false)
    {
        public string Expected(string caller, int cell) => caller switch
        {
            "nobody" or "wrong key" or "facility, expired" => Unauthenticated,
            "facility" => Facility[cell],
            "agency" => Agency[cell],
            _ when AnyOf != AnyKey && (AnyOf & Enum.Parse<Scope>(caller.Split(' ')[1], ignoreCase: true)) == 0 => NotAllowed,
            _ => caller.StartsWith("facility", StringComparison.Ordinal) ? Facility[cell] : Agency[cell],
        };
    }

    private sealed record Place(string Facility, string Person, string SettledAt, string NewId, string Settlement, string Assistable)
    {
        public Claim Claim => Requests.Inpatient(100_000, Facility);

        public SettleRequest Settle() => Requests.Settle(Person, NewId, Claim);

        public RecordRequest Record()
        {
            RecordRequest request = new() { RequestId = $"f-{Person}", Person = Person, Region = Requests.Shenyang };
            request.Facts.Add(Requests.Group(Membership.Types.Group.Disabled));
            return request;
        }

        public ReimburseRequest Reimburse() => new()
        {
            RequestId = $"m-{Person}-{Facility}", Person = Person, VisitId = $"m-{Person}", ChargeBatch = "1", Claim = Claim,
                ReceivedOn = "2026-03-20",
        };
    }
}
