using Grpc.Core;
using Settlement.Contract;
using EnrolmentClient = Settlement.Contract.Enrolment.EnrolmentClient;

namespace Settlement.Cli.Importing;

/// <summary>What a row asks of the server.</summary>
/// <param name="Id">Request id.</param>
/// <param name="Person">The person.</param>
/// <param name="Send">The call.</param>
internal sealed record ImportRequest(string Id, string Person, Func<EnrolmentClient, CallOptions, AsyncUnaryCall<RecordResponse>> Send);
