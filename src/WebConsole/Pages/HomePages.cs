using Microsoft.AspNetCore.Http;
using Settlement.Contract;
using Settlement.Gateway.Operations;
using Settlement.WebConsole.Serving;

namespace Settlement.WebConsole.Pages;

/// <summary>The first page: finding a person or a settlement. What is typed is posted, so that no address holds a person's id.</summary>
internal sealed class HomePages(SettlementOperations settlements, PersonLinks links) : IPages
{
    /// <inheritdoc/>
    public void Map(Routes routes)
    {
        routes.Get("", request => Task.FromResult(Answers.Page<HomeView>(request)));
        routes.Post("/find-person", FindPerson);
        routes.Post("/find-settlement", FindSettlement);
    }

    private async Task<IResult> FindPerson(ConsoleRequest request)
    {
        string person = request.Field("person");
        // Asked here already: an unknown person is refused on the page where the id was typed.
        await settlements.GetAccount(new GetAccountRequest { Person = person }, request.Caller);
        return Answers.Go($"/console/account/{links.Seal(person, request.Caller)}");
    }

    private async Task<IResult> FindSettlement(ConsoleRequest request)
    {
        SettlementView found = await settlements.GetSettlement(
            new GetSettlementRequest { SettlementId = request.Field("settlement") }, request.Caller);
        return Answers.Go($"/console/settlements/{found.Result.SettlementId}");
    }
}
