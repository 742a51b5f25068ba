using System.Security.Cryptography;
using Grpc.Core;
using Settlement.Cli.Client;
using Settlement.Contract;
using Settlement.Policy;
using Settlement.Policy.Cases;

namespace Settlement.Cli.Cases;

/// <summary>
/// Runs cases on a server over gRPC with an agency key. Every case is a fresh person, and every run has its own ids, so that a file may
/// be run on the same server again and again.
/// </summary>
internal sealed class GrpcTarget(Connection connection) : ICaseTarget
{
    private readonly string run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    /// <summary>Registers the case's person.</summary>
    /// <exception cref="CaseFormatException">The server refuses the facts.</exception>
    /// <exception cref="CliException">The server does not answer.</exception>
    public async Task<ICaseSession> OpenAsync(WorkedCase current, CancellationToken cancellation)
    {
        // Ids of the contract are short; a digest keeps them so, whatever the case is called.
        string person = $"CASE-{run}-{Digest("person", current.Id)[..12]}";
        RegisterRequest request = new()
        {
            RequestId = Digest(person, "register"),
            Person = person,
            Region = WireClaim.Division(current.Region),
            BirthDate = current.Person.OfType<BirthFact>().SingleOrDefault() is { } birth ? WireClaim.Day(birth.BirthDate) : "",
        };
        request.Facts.AddRange(current.Person.Where(fact => fact is not BirthFact).Select(WireFact.Of));
        try
        {
            await connection.Enrolment.RegisterAsync(request, connection.Options(cancellation));
        }
        catch (RpcException error)
            when (Outcome.Of(
                error) is { Kind: OutcomeKind.Refused, Status: not (StatusCode.Unauthenticated or StatusCode.Unimplemented) } refusal)
        {
            throw new CaseFormatException($"{current.Id}.person: {refusal.Describe()}");
        }
        catch (RpcException error)
        {
            throw Outcome.Of(error).ToException(connection, ExitCode.Environment);
        }

        return new GrpcSession(connection, person, WireClaim.Division(current.Region));
    }

    /// <summary>A short id which is the same for the same parts.</summary>
    public static string Digest(string scope, string name) => Ledger.LedgerKey.ForRequest(scope, name).ToString();
}
