using Grpc.Core;
using Microsoft.Extensions.Logging;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Identity;

namespace Settlement.Cluster.Tests.Security;

/// <summary>The log of a whole run, at its most talkative, holds neither a key nor a person's number.</summary>
public sealed class SilentLogTests
{
    private const string Person = "210100198506151238";
    private const string Psn = "PSN7040020066";

    [Fact]
    public async Task Neither_keys_nor_person_ids_are_in_the_log_of_a_run_with_every_kind_of_answer()
    {
        string folder = Directory.CreateTempSubdirectory("settlement-log-").FullName;
        (string agencyKey, KeyFile file) = new KeyFile().Add(Role.Agency, null, DateTimeOffset.UnixEpoch);
        (string facilityKey, file) = file.Add(Role.Facility, new RegisteredFacility { Code = "H1" }, DateTimeOffset.UnixEpoch);
        file.Write(Path.Combine(folder, "keys.json"));
        const string Wrong = "sk_000000000000_0123456789abcdef0123456789abcdef";
        Settlement.Tests.Support.RecordedLog log = new();
        await using (TestSilo silo = await TestSilo.StartAsync(
            [.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={folder}/keys.json", "Gateway:MaxRequestBytes=100000",
                "Logging:LogLevel:Default=Trace",
             "Logging:LogLevel:Orleans=Trace", "Logging:LogLevel:Microsoft=Trace", "Logging:LogLevel:Grpc=Trace",
                 "Logging:Console:LogLevel:Default=None"]))
        {
            silo.Logging.AddProvider(new Recorder(log));
            Metadata agency = Key(agencyKey);
            Metadata facility = Key(facilityKey);
            foreach (string person in new[] { Person, Psn })
            {
                RegisterRequest register = Requests.Register(person);
                register.BirthDate = "1985-06-15";
                register.RequestId = "reg" + person[..4]; // a caller that names requests after persons tells them to everybody itself
                await silo.Enrolment.RegisterAsync(register, agency);
                await silo.Settlement.SettleAsync(Requests.Settle(person, "r" + person[..4], Requests.Inpatient(100_000, "H1")), facility);
                await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = person }, facility);
                await Fails(silo.Enrolment.RegisterAsync(new RegisterRequest(register) { BirthDate = "1985-06-16" }, agency));
                await Fails(silo.Settlement.SettleAsync(Requests.Settle(person, "r9", Requests.Inpatient(100_000, "H2")), facility));
                await Fails(silo.Settlement.SettleAsync(Requests.Settle(person, "r9", new Claim()), facility));
                await Fails(silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = person + "+" }, facility));
                await Fails(silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = person[..^1] + "Y" }, facility));
                await Fails(silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = person }, Key(Wrong)));
                await Fails(
                    silo.Settlement.GetAccountAsync(
                    new GetAccountRequest { Person = string.Concat(Enumerable.Repeat(person, 10_000)) }, facility));
                using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
                http.DefaultRequestHeaders.Add("Authorization", facility.GetValue("authorization"));
                foreach (string body in new[] { $$"""{"person": "{{person}}"}""", $$$"""{"person": {"id": "{{{person}}}"}}""", $$"""{"{{person}}": 1}""", person })
                    await http.PostAsync("/v1/Settlement/GetAccount", new StringContent(body));
            }

            using AsyncDuplexStreamingCall<SettleRequest, SettleManyResponse> broken = silo.Settlement.SettleMany(facility);
            await broken.RequestStream.WriteAsync(Requests.Settle(Person, "s1", new Claim()));
            await broken.ResponseStream.MoveNext(CancellationToken.None);
        }

        string text = log.ToString();
        // it was the log of this run
        Assert.Contains("Settlement.Settlement/Settle", text.Replace("settlement.v1.", "Settlement.", StringComparison.Ordinal));
        foreach (string secret in new[] { Person, Psn, Person[..^1], Psn[..^1], agencyKey, facilityKey, Wrong, agencyKey[^32..],
            facilityKey[^32..] })
            Assert.False(
                text.Contains(secret, StringComparison.Ordinal),
                $"in the log: {log.Lines.FirstOrDefault(line => line.Contains(secret, StringComparison.Ordinal))}");
        Directory.Delete(folder, recursive: true);
    }

    private static Metadata Key(string key) => new() { { "authorization", $"Bearer {key}" } };

    private static async Task Fails<T>(AsyncUnaryCall<T> call)
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.NotNull(error.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>());
    }

    private sealed class Recorder(Settlement.Tests.Support.RecordedLog log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log.CreateLogger(categoryName);

        public void Dispose()
        {
            // The log outlives the run that it is of.
        }
    }
}
