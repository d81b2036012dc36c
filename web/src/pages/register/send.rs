//! Sending the form: as a registration, or as the conversion of a lead. What comes back is the same.

use entente_web_api::{
    ApiError, FieldError, MutationBuilder,
    deal::DealVerdict,
    deal_action::{DealRegister, DealRegisterInput, DealRegisterVariables},
    error::field_errors,
    lead::{LeadConvert, LeadConvertVariables, LeadDetail},
};

use crate::remote::Action;

/// What became of it.
pub struct Sent {
    /// Id and number of the deal; none when it is blocked or refused.
    pub deal: Option<(String, String)>,
    pub verdict: Option<DealVerdict>,
    pub errors: Vec<FieldError>,
}

impl From<DealRegister> for Sent {
    fn from(data: DealRegister) -> Self {
        let payload = data.deal_register;
        Self {
            deal: payload.deal.map(|deal| (deal.id.inner().to_owned(), deal.number)),
            verdict: payload.verdict,
            errors: field_errors(payload.errors),
        }
    }
}

impl From<LeadConvert> for Sent {
    fn from(data: LeadConvert) -> Self {
        let payload = data.lead_convert;
        Self {
            deal: payload.deal.map(|deal| (deal.id.inner().to_owned(), deal.number)),
            verdict: payload.verdict,
            errors: field_errors(payload.errors),
        }
    }
}

/// Sends `input`, for the lead where there is one, and hands what became of it to `done`.
pub fn send(action: &Action, lead: Option<&LeadDetail>, input: DealRegisterInput, done: impl FnOnce(Result<Sent, ApiError>) + 'static) {
    match lead {
        None => {
            let operation = DealRegister::build(DealRegisterVariables { input });
            action.run(operation, move |answer: Result<DealRegister, ApiError>| done(answer.map(Sent::from)));
        }
        Some(lead) => {
            let variables = LeadConvertVariables { id: lead.card.id.clone(), expected_version: lead.card.version, input };
            action.run(LeadConvert::build(variables), move |answer: Result<LeadConvert, ApiError>| done(answer.map(Sent::from)));
        }
    }
}
