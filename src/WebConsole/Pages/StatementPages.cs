using Microsoft.AspNetCore.Http;
using Settlement.Contract;
using Settlement.Gateway.Operations;
using Settlement.WebConsole.Serving;

namespace Settlement.WebConsole.Pages;

/// <summary>The statement 结算单 of one settlement.</summary>
internal sealed class StatementPages(SettlementOperations settlements, PersonLinks links) : IPages
{
    /// <inheritdoc/>
    public void Map(Routes routes) => routes.Get("/settlements/{id}", Show);

    private async Task<IResult> Show(ConsoleRequest request)
    {
        GetSettlementRequest asked = new() { SettlementId = request.Route("id"), Language = request.Text.Language };
        SettlementView view = await settlements.GetSettlement(asked, request.Caller);
        return Answers.Page<StatementView>(request, new StatementModel(view, links.Seal(view.Result.Person, request.Caller)));
    }
}

/// <summary>What the statement page shows.</summary>
/// <param name="View">The settlement with texts in the language of the page.</param>
/// <param name="Link">Sealed id of the person.</param>
public sealed record StatementModel(SettlementView View, string Link);
