"""From the contract, the catalogue and who lives on the target to the requests that have to be sent."""
